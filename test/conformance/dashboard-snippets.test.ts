import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import { afterEach, expect, inject, it } from 'vitest';
import { describeOnPostgres } from '../harness/databases.js';
import { freePort } from '../harness/services/free-port.js';
import { waitUntil } from '../harness/wait-until.js';
import { useDelivering, whsec } from './verify-deliveries.js';

const ROOT = new URL('../../', import.meta.url);
const SNIPPETS = new URL('dashboard/src/pages/webhooks/snippets/', ROOT);
const TSX = pathToFileURL(fileURLToPath(new URL('node_modules/tsx/dist/esm/index.mjs', ROOT))).href;

interface Runner {
  readonly snippet: string;
  readonly file: string;
  command(path: string, port: number): readonly [string, ...string[]];
  /** What has to come before the server starts. */
  prepare?(folder: string): void;
}

const RUNNERS: Record<string, Runner> = {
  client: {
    snippet: 'client.ts.txt',
    file: 'server.mts',
    command: (path) => [process.execPath, '--conditions=hookline-source', '--import', TSX, path],
    prepare(folder) {
      mkdirSync(join(folder, 'node_modules/@hookline'), { recursive: true });
      symlinkSync(fileURLToPath(new URL('packages/client', ROOT)), join(folder, 'node_modules/@hookline/client'));
    },
  },
  node: { snippet: 'node.mjs.txt', file: 'server.mjs', command: (path) => [process.execPath, path] },
  python: { snippet: 'python.py.txt', file: 'server.py', command: (path) => ['python3', path] },
};
/** The others run where HOOKLINE_TEST_SNIPPETS names them (`go,php,ruby,java`): their languages are on few machines. */
const MORE: Record<string, Runner> = {
  go: { snippet: 'go.go.txt', file: 'server.go', command: (path) => ['go', 'run', path] },
  php: {
    snippet: 'php.php.txt',
    file: 'index.php',
    command: (path, port) => ['php', '-S', `127.0.0.1:${port}`, path],
  },
  ruby: {
    snippet: 'ruby.ru.txt',
    file: 'config.ru',
    command: (path, port) => ['rackup', '-s', 'webrick', '-o', '127.0.0.1', '-p', String(port), path],
  },
  java: { snippet: 'java.java.txt', file: 'Webhooks.java', command: (path) => ['java', path] },
};
const asked = (process.env['HOOKLINE_TEST_SNIPPETS'] ?? '').split(',');
const runners = [...Object.entries(RUNNERS), ...Object.entries(MORE).filter(([name]) => asked.includes(name))];

describeOnPostgres('the code that the dashboard gives in', (ctx) => {
  const { create, deliver } = useDelivering(ctx);
  const running: ChildProcess[] = [];
  afterEach(async () => {
    for (const child of running.splice(0)) {
      if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) continue;
      // `go run` leaves its program to itself: the whole group ends.
      process.kill(-child.pid, 'SIGKILL');
      await once(child, 'exit');
    }
  });

  /** Runs a snippet as a server, and gives how it is called. */
  async function serve({ snippet, file, command, prepare }: Runner, secret: string) {
    const folder = mkdtempSync(join(inject('runFolder'), 'snippet-'));
    const path = join(folder, file);
    writeFileSync(path, readFileSync(new URL(snippet, SNIPPETS)));
    prepare?.(folder);
    // It may be seconds until the program listens there.
    const port = await freePort();
    const [program, ...args] = command(path, port);
    const child = spawn(program, args, {
      cwd: folder,
      detached: true,
      stdio: 'ignore',
      env: { ...process.env, WEBHOOK_SECRET: secret, PORT: String(port) },
    });
    running.push(child);
    const call = async (headers: Record<string, string>, body: Buffer | string) => {
      const answer = await fetch(`http://127.0.0.1:${port}/`, {
        method: 'POST',
        headers,
        body: new Uint8Array(Buffer.from(body)),
      });
      return { status: answer.status, text: await answer.text() };
    };
    const answers = () =>
      call({}, '').then(
        () => true,
        () => false,
      );
    await waitUntil(answers, { message: `${snippet} to answer`, timeoutMs: 60_000 });
    return call;
  }

  it.each(runners)(
    '%s takes a delivery of Hookline, and none that is forged, old or of another secret',
    async (_name, runner) => {
      const webhook = await create();
      const request = await deliver(webhook);
      const headers = Object.fromEntries(
        Object.entries(request.headers).flatMap(([name, value]) =>
          name.startsWith('webhook-') || name.startsWith('x-webhook-') ? [[name, String(value)]] : [],
        ),
      );
      const call = await serve(runner, webhook.secret);

      expect((await call(headers, request.body)).status).toBeOneOf([200, 204]);
      expect((await call(headers, `${request.body.toString()} `)).status).toBe(401);
      expect((await call({ ...headers, 'webhook-id': 'another' }, request.body)).status).toBe(401);
      expect((await call({}, request.body)).status).toBe(401);

      const signer = new StandardWebhook(whsec(webhook.secret));
      const signed = (at: Date, body: string, by = signer) => ({
        'webhook-id': 'one',
        'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
        'webhook-signature': by.sign('one', at, body),
        'x-webhook-event': 'webhook.verification',
      });
      const old = new Date(Date.now() - 400_000);
      expect((await call(signed(old, '{}'), '{}')).status).toBe(401);
      const others = new StandardWebhook(whsec('another secret'));
      expect((await call(signed(new Date(), '{}', others), '{}')).status).toBe(401);

      const verification = '{"type":"webhook.verification","token":"tok_123"}';
      expect(await call(signed(new Date(), verification), verification)).toEqual({ status: 200, text: 'tok_123' });
    },
  );

  it.each(runners)('%s takes the secret as whsec_, too, and nothing without one', async (_name, runner) => {
    const webhook = await create();
    const body = '{"video_id":"v1"}';
    const now = new Date();
    const headers = (secret: string) => ({
      'webhook-id': 'one',
      'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
      'webhook-signature': new StandardWebhook(whsec(secret)).sign('one', now, body),
    });
    const call = await serve(runner, whsec(webhook.secret));
    expect((await call(headers(webhook.secret), body)).status).toBeOneOf([200, 204]);
    const open = await serve(runner, '');
    expect((await open(headers(webhook.secret), body)).status).toBeOneOf([401, 500]);
  });
});
