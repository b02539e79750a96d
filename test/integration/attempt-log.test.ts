import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startWorker, type Worker } from '../../src/deliver/worker.js';
import { createGuardedAgent } from '../../src/egress/guarded-agent.js';
import { createLogger } from '../../src/observe/log.js';
import { asUserId, describeOnPostgres } from '../harness/databases.js';
import { createWebhook } from '../harness/delivering.js';
import { type ReceiverServer, startReceiver } from '../harness/receiver-server.js';
import { waitUntil } from '../harness/wait-until.js';
import { postEvent, serveApi } from './api-client.js';

const HIDDEN = 'zqHIDDENzq';
const TRACE = '0af7651916cd43dd8448eb211c80319c';
const TRACEPARENT = `00-${TRACE}-b7ad6b7169203331-01`;

describeOnPostgres('the line of an attempt', (ctx) => {
  const folder = mkdtempSync(join(tmpdir(), 'hookline-attempts-'));
  const file = join(folder, 'log');
  let log: Logger;
  let worker: Worker;
  let receiver: ReceiverServer;
  let served: Awaited<ReturnType<typeof serveApi>>;
  const dispatcher = createGuardedAgent({ allowNetworks: ['127.0.0.0/8'] });
  beforeAll(async () => {
    log = createLogger('trace', file);
    receiver = await startReceiver();
    served = await serveApi(ctx.db(), { log });
    worker = await startWorker({ db: ctx.db(), log, dispatcher });
  });
  afterAll(async () => {
    await worker.stop(5_000);
    await served.app.close();
    await dispatcher.destroy();
    await receiver.close();
    rmSync(folder, { recursive: true });
  });

  const text = () => readFileSync(file, 'utf8');
  const lines = () =>
    text()
      .trim()
      .split('\n')
      .map((line): Record<string, unknown> => JSON.parse(line));
  const attemptsOf = (requestId: string, count = 1) =>
    waitUntil(
      () => {
        const found = lines().filter(
          (line) => line['msg'] === 'delivery.attempted' && line['request_id'] === requestId,
        );
        return found.length >= count ? found : undefined;
      },
      { message: () => `lines of ${requestId} in ${text()}` },
    );

  it('says whose it is, how it went, how long each part took, and which request it comes from', async () => {
    const hook = await createWebhook(ctx.db(), receiver.url);
    receiver.answerWith([{ body: 'twelve bytes' }]);
    const event = JSON.stringify({ type: 'video.generated', user_id: hook.userId, payload: { n: 1 } });
    const answer = await postEvent(served.url, event, { 'x-request-id': 'request-1', traceparent: TRACEPARENT });
    expect(answer.headers.get('x-request-id')).toBe('request-1');
    const [line] = await attemptsOf('request-1');
    const natural = expect.any(Number);
    expect(line).toEqual({
      level: 'info',
      time: expect.any(String),
      pid: process.pid,
      worker: worker.id,
      msg: 'delivery.attempted',
      delivery_id: (answer.body['deliveries'] as { id: string }[])[0]?.id,
      webhook_id: hook.id,
      user_id: hook.userId,
      event_type: 'video.generated',
      event_id: answer.body['event_id'],
      attempt: 1,
      max_attempts: 4,
      host: new URL(receiver.url).host,
      status: 200,
      outcome: 'success',
      ms: natural,
      connect_ms: natural,
      answer_ms: natural,
      lease_age_ms: natural,
      request_bytes: '{"n":1}'.length,
      response_bytes: 'twelve bytes'.length,
      request_id: 'request-1',
      trace_id: TRACE,
    });
  });

  it('of each attempt bears the request, also without an id of the caller', async () => {
    const hook = await createWebhook(ctx.db(), receiver.url, { max_retries: 1 });
    receiver.answerWith([{ status: 500 }]);
    const event = JSON.stringify({ type: 'video.generated', user_id: hook.userId, payload: {} });
    const answer = await postEvent(served.url, event, { 'x-request-id': 'not well formed!' });
    const made = answer.headers.get('x-request-id') ?? '';
    expect(made).toMatch(/^[0-9a-f-]{36}$/);
    const [first, second] = await attemptsOf(made, 2);
    const error_code = 'http_server_error';
    expect(first).toMatchObject({
      attempt: 1,
      status: 500,
      error_code,
      outcome: 'retrying',
      next_retry_at: expect.any(String),
    });
    expect(second).toMatchObject({
      attempt: 2,
      status: 500,
      error_code,
      outcome: 'failed',
      level: 'warn',
      max_attempts: 2,
    });
    for (const line of [first, second]) expect(line).not.toHaveProperty('trace_id');
  });

  it('of a call without an answer has its error code, and no status', async () => {
    const hook = await createWebhook(ctx.db(), receiver.url);
    receiver.answerWith(['destroy']);
    const event = JSON.stringify({ type: 'video.generated', user_id: hook.userId, payload: {} });
    await postEvent(served.url, event, { 'x-request-id': 'request-2' });
    const [line] = await attemptsOf('request-2');
    expect(line).toMatchObject({ error_code: 'connection_reset', outcome: 'retrying', connect_ms: expect.any(Number) });
    for (const absent of ['status', 'answer_ms', 'response_bytes']) expect(line).not.toHaveProperty(absent);
  });

  it('of many events of one request bears it in each, also where the rest of the batch is refused', async () => {
    const hook = await createWebhook(ctx.db(), receiver.url);
    receiver.answerWith([{}]);
    const one = { type: 'video.generated', user_id: hook.userId, payload: {} };
    const key = { ...one, idempotency_key: 'twice in a batch' };
    const events = [one, { ...one, type: 'no.such' }, key, key, { ...one, payload: { n: 2 } }];
    const headers = { 'x-request-id': 'batch-1', traceparent: TRACEPARENT };
    expect((await postEvent(served.url, JSON.stringify({ events }), headers)).status).toBe(202);
    for (const line of await attemptsOf('batch-1', 3)) expect(line).toMatchObject({ trace_id: TRACE });
  });

  it('and everything else of the log is without what is secret, however hostile the data', async () => {
    const url = `${receiver.url.replace('//', `//user:${HIDDEN}@`)}/${HIDDEN}?token=${HIDDEN}#${HIDDEN}`;
    const hook = await createWebhook(ctx.db(), url, { max_retries: 0 });
    await asUserId(ctx.db(), hook.userId, (tx) =>
      tx.query('SELECT set_webhook_headers($1::uuid, $2::jsonb)', [
        hook.id,
        JSON.stringify({ Authorization: `Bearer ${HIDDEN}`, 'X-Key': HIDDEN }),
      ]),
    );
    const payload = {
      [HIDDEN]: HIDDEN,
      url: `https://u:${HIDDEN}@h/?a=${HIDDEN}`,
      text: `\n{"level":"info","${HIDDEN}":1}\u2028`,
      deep: [{ token: HIDDEN }],
    };
    const event = JSON.stringify({ type: 'video.generated', user_id: hook.userId, payload });
    receiver.answerWith([
      { status: 400, headers: { 'set-cookie': HIDDEN, 'x-token': HIDDEN }, body: HIDDEN.repeat(100) },
    ]);
    await postEvent(served.url, event, { 'x-request-id': 'hostile-1', cookie: HIDDEN, 'x-other': HIDDEN });
    await attemptsOf('hostile-1');
    receiver.answerWith(['destroy']);
    await postEvent(served.url, event, { 'x-request-id': 'hostile-2' });
    await attemptsOf('hostile-2');
    await postEvent(`${served.url}`, `{"type": "${HIDDEN}", "payload": {"a": "${HIDDEN}`, {
      'x-request-id': HIDDEN.replace('zq', 'ok'),
    });
    await fetch(`${served.url}/v1/webhooks?access_token=${HIDDEN}`, { headers: { authorization: `Bearer ${HIDDEN}` } });
    await waitUntil(() => text().includes('"/v1/webhooks"'), { message: 'the line of the request' });
    const sent = receiver.requests.filter((request) => request.url.includes(HIDDEN));
    expect(sent.at(-1)?.headers).toMatchObject({ authorization: `Bearer ${HIDDEN}`, 'x-key': HIDDEN });
    expect(text().split(HIDDEN)).toHaveLength(1);
    expect(text().split(hook.secret)).toHaveLength(1);
  });
});
