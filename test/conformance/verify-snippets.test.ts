import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, inject, it } from 'vitest';
import { describeOnPostgres } from '../harness/databases.js';
import type { ReceivedRequest } from '../harness/receiver-server.js';
import { PAYLOAD, useDelivering, whsec } from './verify-deliveries.js';

const DOCS = readFileSync(fileURLToPath(new URL('../../docs/verify.md', import.meta.url)), 'utf8');

/** The one block of a language in docs/verify.md. */
function snippet(language: string): string {
  const blocks = [...DOCS.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, 'gms'))];
  expect(blocks).toHaveLength(1);
  return blocks[0]?.[1] ?? '';
}

/** One request as a program reads it. */
interface Case {
  readonly secret: string;
  readonly headers: ReceivedRequest['headers'];
  /** Base64. */
  readonly body: string;
}
/** What a snippet said of a case: the payload, or why not. */
type Verdict = { readonly payload: unknown } | { readonly refused: string };

/** Runs a program with the cases on its standard input, which answers with the verdicts. */
async function run(command: string, args: readonly string[], cases: readonly Case[]): Promise<Verdict[]> {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(JSON.stringify(cases));
  return JSON.parse(await text(child.stdout));
}

function inFolder(file: string, content: string): string {
  const path = join(mkdtempSync(join(inject('runFolder'), 'snippet-')), file);
  writeFileSync(path, content);
  return path;
}

const RUNNERS: Record<string, (cases: readonly Case[]) => Promise<Verdict[]>> = {
  python(cases) {
    const main = `
import sys
results = []
for case in json.load(sys.stdin):
    try:
        results.append({"payload": verify_webhook(case["secret"], case["headers"], base64.b64decode(case["body"]))})
    except ValueError as error:
        results.append({"refused": str(error)})
json.dump(results, sys.stdout)
`;
    return run('python3', [inFolder('verify.py', snippet('python') + main)], cases);
  },
  async js(cases) {
    const path = inFolder('verify.mjs', snippet('js'));
    const { verifyWebhook }: { verifyWebhook(secret: string, headers: object, body: Buffer): unknown } = await import(
      pathToFileURL(path).href
    );
    return cases.map(({ secret, headers, body }) => {
      try {
        return { payload: verifyWebhook(secret, headers, Buffer.from(body, 'base64')) };
      } catch (error) {
        return { refused: error instanceof Error ? error.message : String(error) };
      }
    });
  },
};

const [NO_SIGNATURE, NO_TIME] = [
  'no signature of this body by this secret',
  'webhook-timestamp is missing or too far from now',
];

describeOnPostgres('the snippet of docs/verify.md in', (ctx) => {
  const { create, deliver, rotate } = useDelivering(ctx);

  it.each(Object.entries(RUNNERS))(
    '%s takes deliveries, also during a rotation, and refuses forged ones',
    async (_, verdicts) => {
      const webhook = await create();
      const { headers, body } = await deliver(webhook);
      const rotated = await rotate(webhook);
      const during = await deliver(webhook);
      const of = (request: Partial<ReceivedRequest> = {}, secret = webhook.secret): Case => ({
        secret,
        headers: { ...headers, ...request.headers },
        body: (request.body ?? body).toString('base64'),
      });
      const withHeaders = (changed: ReceivedRequest['headers']) => of({ headers: changed });
      const accepted = [
        of(),
        of({}, whsec(webhook.secret)),
        of(during),
        of(during, rotated),
        of(during, whsec(rotated)),
      ];
      const refused: [Case, string][] = [
        [of({}, 'another'), NO_SIGNATURE],
        [of({}, rotated), NO_SIGNATURE],
        [of({ body: Buffer.from(`${body} `) }), NO_SIGNATURE],
        [of({ body: Buffer.alloc(0) }), NO_SIGNATURE],
        [withHeaders({ 'webhook-id': 'another' }), NO_SIGNATURE],
        [withHeaders({ 'webhook-timestamp': String(Number(headers['webhook-timestamp']) - 1) }), NO_SIGNATURE],
        [withHeaders({ 'webhook-signature': '' }), NO_SIGNATURE],
        [withHeaders({ 'webhook-signature': 'v1,' }), NO_SIGNATURE],
        [withHeaders({ 'webhook-signature': `v1,é v1a,${'A'.repeat(88)}` }), NO_SIGNATURE],
        [withHeaders({ 'webhook-signature': String(headers['webhook-signature']).slice(3) }), NO_SIGNATURE],
        [withHeaders({ 'webhook-timestamp': String(Number(headers['webhook-timestamp']) - 400) }), NO_TIME],
        [withHeaders({ 'webhook-timestamp': String(Number(headers['webhook-timestamp']) + 400) }), NO_TIME],
        [withHeaders({ 'webhook-timestamp': 'now' }), NO_TIME],
        [withHeaders({ 'webhook-timestamp': '²' }), NO_TIME],
        [withHeaders({ 'webhook-timestamp': '' }), NO_TIME],
        [{ ...of(), headers: {} }, NO_TIME],
        [of({}, ''), 'the secret is empty'],
        [of({}, 'whsec_'), 'the secret is empty'],
      ];
      expect(await verdicts([...accepted, ...refused.map(([one]) => one)])).toEqual([
        ...accepted.map(() => ({ payload: PAYLOAD })),
        ...refused.map(([, reason]) => ({ refused: reason })),
      ]);
    },
  );
});
