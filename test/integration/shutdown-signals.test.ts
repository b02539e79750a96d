import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Database } from '../../src/db/database.js';
import { openPostgres } from '../../src/db/pg.js';
import { SHUTDOWN_WITHIN_MS } from '../../src/start/shutdown.js';
import { newPostgresDatabase } from '../harness/databases.js';
import { createWebhook, delivery, trigger } from '../harness/delivering.js';
import { type HooklineProcess, startHooklineProcess } from '../harness/hookline-process.js';
import { startReceiver } from '../harness/receiver-server.js';
import { waitUntil } from '../harness/wait-until.js';

describe('SIGTERM', () => {
  let database: Awaited<ReturnType<typeof newPostgresDatabase>>;
  let db: Database;
  beforeAll(async () => {
    database = await newPostgresDatabase();
    db = openPostgres({ connectionString: database.url });
  });
  afterAll(async () => {
    await db.close();
    await database.drop();
  });
  const start = async (): Promise<HooklineProcess> => {
    const env = { DATABASE_URL: database.url, PORT: '0', HOOKLINE_ALLOW_NETWORKS: '127.0.0.0/8' };
    const hookline = startHooklineProcess(['start'], env);
    await hookline.waitForOutput('hookline.started');
    return hookline;
  };
  const urlOf = (hookline: HooklineProcess): string => /"url":"([^"]+)"/.exec(hookline.output())?.[1] ?? '';

  it('finishes the delivery in flight, claims no other, waits for no connection that asks nothing, and exits 0', async () => {
    const receiver = await startReceiver([{ delayMs: 1_500 }]);
    const webhook = await createWebhook(db, receiver.url);
    const hookline = await start();
    const silent = connect(Number(new URL(urlOf(hookline)).port), '127.0.0.1');
    await once(silent, 'connect');
    silent.on('error', () => undefined);
    const [sent = ''] = await trigger(db, webhook.userId);
    await receiver.waitFor(1);
    const ended = hookline.end('SIGTERM');
    await hookline.waitForOutput('shutdown.started');
    const [later = ''] = await trigger(db, webhook.userId);
    expect(await ended).toBe(0);
    expect(hookline.output()).not.toContain('shutdown.phase_late');
    expect(await delivery(db, sent)).toMatchObject({ status: 'success', attempt_number: 1 });
    expect(await delivery(db, later)).toMatchObject({ status: 'pending', attempt_number: 0 });
    expect(receiver.requests).toHaveLength(1);
    await receiver.close();
    await db.query('DELETE FROM webhook_deliveries');
  });

  it('finishes the request in flight and takes no new connection', async () => {
    const hookline = await start();
    const url = urlOf(hookline);
    const body = '{"type":"x"}';
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    let answer = '';
    socket.on('data', (chunk) => {
      answer += chunk.toString();
    });
    const head = `POST /webhooks/modelriver HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}`;
    socket.write(`${head}\r\n\r\n${body.slice(0, 4)}`);
    await waitUntil(async () => (await fetch(`${url}/healthz`)).ok, { message: 'the server to read' });
    const ended = hookline.end('SIGTERM');
    await waitUntil(
      () =>
        fetch(`${url}/healthz`).then(
          () => false,
          () => true,
        ),
      { message: 'the port to close' },
    );
    socket.write(body.slice(4));
    expect(await ended).toBe(0);
    expect(answer).toMatch(/^HTTP\/1\.1 503 .*connection: close.*webhook_secret_not_set/is);
  });

  it('is not held up by an idle connection', async () => {
    const hookline = await start();
    await (await fetch(`${urlOf(hookline)}/healthz`)).arrayBuffer();
    const startedAt = performance.now();
    expect(await hookline.end('SIGTERM')).toBe(0);
    expect(performance.now() - startedAt).toBeLessThan(SHUTDOWN_WITHIN_MS / 2);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('exits at once when a second signal comes: %s, with %i', async (second, code) => {
    const receiver = await startReceiver(['hang']);
    const webhook = await createWebhook(db, receiver.url);
    const hookline = await start();
    await trigger(db, webhook.userId);
    await receiver.waitFor(1);
    const ended = hookline.end('SIGTERM');
    await hookline.waitForOutput('shutdown.started');
    const startedAt = performance.now();
    process.kill(hookline.pid, second);
    expect(await ended).toBe(code);
    expect(hookline.output()).toMatch(new RegExp(`"signal":"${second}","msg":"shutdown.cut_short"`));
    expect(performance.now() - startedAt).toBeLessThan(SHUTDOWN_WITHIN_MS / 2);
    await receiver.close();
    await db.query('DELETE FROM webhook_deliveries');
  });

  // SIGTERM to npm ends its shell alone; Ctrl-C reaches the whole group, where the end of the shell is no second signal.
  it.each(['its shell alone', 'the whole group'])('under npm ends the service when it reaches %s', async (whom) => {
    const receiver = await startReceiver([{ delayMs: 1_500 }]);
    const webhook = await createWebhook(db, receiver.url);
    const node = `${process.execPath} ${inject('program')} start`;
    const shell = spawn('sh', ['-c', `${node}; true`], {
      env: {
        PATH: process.env['PATH'],
        npm_command: 'exec',
        DATABASE_URL: database.url,
        PORT: '0',
        HOOKLINE_ALLOW_NETWORKS: '127.0.0.0/8',
      },
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    });
    let output = '';
    shell.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    await waitUntil(() => output.includes('hookline.started'), { message: () => output, timeoutMs: 30_000 });
    const [sent = ''] = await trigger(db, webhook.userId);
    await receiver.waitFor(1);
    const { pid = 0 } = shell;
    process.kill(whom === 'its shell alone' ? pid : -pid, 'SIGTERM');
    await waitUntil(() => output.includes('shutdown.done'), { message: () => output, timeoutMs: SHUTDOWN_WITHIN_MS });
    expect((await delivery(db, sent)).status).toBe('success');
    await receiver.close();
  });
});
