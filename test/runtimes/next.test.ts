import { afterAll, describe, expect, it } from 'vitest';
import { httpReceiver } from './http-receiver.js';
import { type BuiltExample, buildNextExample, NEXT, NEXT_ENV } from './next-example.js';
import { type Program, startProgram } from './program.js';
import { describeRuntime } from './scenario.js';
import { newWebhook, signedHeaders, TITLE } from './webhooks.js';
import { startWorld } from './world.js';

const PATH = '/api/webhooks/modelriver';
const DRAIN = '/api/cron/drain';
const CRON_SECRET = 'secret-of-the-cron';

let built: Promise<BuiltExample> | undefined;
afterAll(async () => {
  await (await built)?.remove();
});

async function startNext(env: Readonly<Record<string, string>>): Promise<Program> {
  built ??= buildNextExample();
  const { folder } = await built;
  const command = [process.execPath, NEXT, 'start', '--hostname', '127.0.0.1', '--port', '0'] as const;
  return startProgram(command, { env: { ...env, ...NEXT_ENV }, folder });
}

const ROUTES = { node: PATH, edge: '/api/edge/modelriver' };

for (const [name, path] of Object.entries(ROUTES)) {
  describeRuntime({
    name: `Next.js on its ${name} runtime`,
    hasWaitUntil: true,
    async start(env) {
      const program = await startNext({ ...env, CRON_SECRET });
      const drainHeaders = { authorization: `Bearer ${CRON_SECRET}` };
      return httpReceiver(program, { path, drainPath: DRAIN, drainHeaders });
    },
  });
}

describe('examples/nextjs-planetscale', () => {
  it('lists the last rows, and opens its cron route to the cron alone', async () => {
    const world = await startWorld();
    const { origin, end } = await startNext({ ...world.env, CRON_SECRET });
    try {
      expect(await (await fetch(origin)).text()).toContain('Nothing yet.');
      const { body } = newWebhook(world.callbackOrigin);
      await fetch(`${origin}${PATH}`, { method: 'POST', headers: signedHeaders(body), body });
      expect(await (await fetch(origin)).text()).toContain(escapeHtml(TITLE));

      for (const authorization of ['', 'Bearer', 'Bearer undefined', `Bearer ${CRON_SECRET}x`, CRON_SECRET]) {
        const answer = await fetch(`${origin}${DRAIN}`, { headers: { authorization } });
        expect([answer.status, await answer.json()], authorization).toEqual([401, { error: 'Unauthorized' }]);
      }
    } finally {
      await end();
      await world.close();
    }
  }, 120_000);

  it('keeps the cron route closed without a secret, and says so when it is not configured', async () => {
    const open = await startNext({});
    try {
      const headers = { authorization: 'Bearer undefined' };
      expect((await fetch(`${open.origin}${DRAIN}`, { headers })).status).toBe(401);
      const answer = await fetch(`${open.origin}${PATH}`, { method: 'POST', body: '{}' });
      expect([answer.status, await answer.json()]).toEqual([503, expect.objectContaining({ code: 'not_configured' })]);
    } finally {
      await open.end();
    }
  }, 120_000);
});

/** As React writes text into a page. */
function escapeHtml(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#x27;' };
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
