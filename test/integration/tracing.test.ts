import { channel } from 'node:diagnostics_channel';
import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { ReadableSpan, SpanProcessor } from '@opentelemetry/sdk-trace-base';
import { afterAll, afterEach, beforeAll, expect, inject, it } from 'vitest';
import { asService } from '../../src/db/roles.js';
import { startWorker, type Worker } from '../../src/deliver/worker.js';
import { createGuardedAgent } from '../../src/egress/guarded-agent.js';
import { createHookline } from '../../src/in-process/index.js';
import { advance } from '../../src/maintain/replay/replay.js';
import { asUserId, describeOnPostgres } from '../harness/databases.js';
import { createWebhook, delivery, deliveryWith, silent, trigger } from '../harness/delivering.js';
import { type ReceiverServer, startReceiver } from '../harness/receiver-server.js';
import { startTraces, type Traces } from '../harness/traces.js';
import { callRpc, postEvent, SERVICE_KEY, serveApi } from './api-client.js';
import { createReplay } from './replay-helpers.js';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SPAN = 'b7ad6b7169203331';
const TRACEPARENT = `00-${TRACE}-${SPAN}-01`;
const HIDDEN = 'zqHIDDENzq';
const video = 'video.generated';

const idOf = (span: ReadableSpan | undefined) => span?.spanContext().spanId;
const traceOf = (span: ReadableSpan | undefined) => span?.spanContext().traceId;
const linksOf = (span: ReadableSpan | undefined) => span?.links.map((link) => link.context.spanId);
const ms = ([s, ns]: readonly [number, number]) => s * 1_000 + ns / 1e6;

/** A processor of the operator's own, in which something is wrong. */
let broken: 'onStart' | 'onEnd' | undefined;
const fail = (where: typeof broken) => () => {
  if (broken === where) throw new Error('broken');
};
const faulty: SpanProcessor = {
  onStart: fail('onStart'),
  onEnd: fail('onEnd'),
  forceFlush: async () => undefined,
  shutdown: async () => undefined,
};

describeOnPostgres('traces', (ctx) => {
  let traces: Traces;
  let served: Awaited<ReturnType<typeof serveApi>>;
  let receiver: ReceiverServer;
  let hook: { id: string; userId: string };
  const workers: { stop(): Promise<void> }[] = [];

  async function startOwnWorker(options: { sendTraceparent?: boolean; redisUrl?: string } = {}): Promise<void> {
    const dispatcher = createGuardedAgent({ allowNetworks: ['127.0.0.0/8'] });
    const worker: Worker = await startWorker({ db: ctx.db(), log: silent, dispatcher, ...options });
    workers.push({ stop: () => worker.stop(5_000).then(() => dispatcher.destroy()) });
  }
  const post = async (event: object, headers: Record<string, string> = {}): Promise<string> => {
    const { status, body } = await postEvent(
      served.url,
      JSON.stringify({ type: video, payload: { hidden: HIDDEN }, ...event }),
      headers,
    );
    expect(status).toBe(202);
    return (body['deliveries'] as { id: string }[])[0]?.id ?? '';
  };
  const childrenOf = (parent: ReadableSpan | undefined) =>
    traces.spans().filter((span) => span.parentSpanContext?.spanId === idOf(parent));

  beforeAll(async () => {
    traces = startTraces(faulty);
    served = await serveApi(ctx.db());
    receiver = await startReceiver();
    hook = await createWebhook(
      ctx.db(),
      `${receiver.url.replace('//', `//user:${HIDDEN}@`)}/${HIDDEN}?token=${HIDDEN}`,
    );
  });
  afterEach(async () => {
    for (const worker of workers.splice(0)) await worker.stop();
    broken = undefined;
    receiver.answerWith([{}]);
    await asService(ctx.db(), (tx) => tx.query('DELETE FROM webhook_deliveries'));
    traces.forget();
  });
  afterAll(async () => {
    await served.app.close();
    await receiver.close();
    await traces.stop();
  });

  it.each(['onStart', 'onEnd'] as const)('touch no delivery when a processor throws: %s', async (where) => {
    broken = where;
    await startOwnWorker();
    const [id = ''] = await trigger(ctx.db(), hook.userId);
    await deliveryWith(ctx.db(), id, 'success');
    for (const worker of workers.splice(0)) await worker.stop();
    expect(receiver.requests.filter(({ headers }) => headers['x-webhook-delivery'] === id)).toHaveLength(1);
    const attempts = await ctx.db().query('SELECT FROM webhook_delivery_attempts WHERE delivery_id = $1::uuid', [id]);
    expect(attempts.rowCount).toBe(1);
  });

  it.each(['onStart', 'onEnd'] as const)('touch no event when a processor throws: %s', async (where) => {
    broken = where;
    await startOwnWorker({ sendTraceparent: true });
    const id = await post({ user_id: hook.userId }, { traceparent: TRACEPARENT });
    await deliveryWith(ctx.db(), id, 'success');
    const sent = receiver.requests.find(({ headers }) => headers['x-webhook-delivery'] === id);
    // Where there is no span the event's own is passed on.
    const passedOn = where === 'onStart' ? TRACEPARENT : expect.stringMatching(`^00-${TRACE}-(?!${SPAN})`);
    expect(sent?.headers['traceparent']).toEqual(passedOn);
    const hookline = createHookline({ pool: ctx.db() });
    const event = { type: video, payload: {}, userId: hook.userId };
    expect((await hookline.trigger(undefined, event)).deliveries).toHaveLength(1);
  });

  it('go from the caller through trigger, claim, call and record', async () => {
    await startOwnWorker();
    const id = await post({ user_id: hook.userId }, { traceparent: TRACEPARENT, 'x-request-id': 'request-1' });
    const [attempt] = await traces.named(`attempt ${video}`);
    const [triggered] = await traces.named(`trigger ${video}`);
    const { rows } = await ctx
      .db()
      .query<{ id: string; request_id: string; traceparent: string }>(
        'SELECT e.id::text AS id, e.request_id, e.traceparent FROM hookline.events e JOIN webhook_deliveries d ON d.event_id = e.id WHERE d.id = $1::uuid',
        [id],
      );
    expect(triggered).toMatchObject({
      kind: SpanKind.PRODUCER,
      parentSpanContext: { traceId: TRACE, spanId: SPAN, isRemote: true },
      attributes: {
        'messaging.system': 'hookline',
        'messaging.operation.name': 'trigger',
        'messaging.operation.type': 'send',
        'messaging.destination.name': video,
        'messaging.message.id': rows[0]?.id,
        'hookline.deliveries': 1,
        'hookline.request_id': 'request-1',
      },
    });
    expect(rows[0]).toMatchObject({ request_id: 'request-1', traceparent: `00-${TRACE}-${idOf(triggered)}-01` });
    expect(attempt).toMatchObject({
      kind: SpanKind.CONSUMER,
      parentSpanContext: { traceId: TRACE, spanId: idOf(triggered) },
      status: { code: SpanStatusCode.UNSET },
      attributes: {
        'messaging.operation.type': 'process',
        'messaging.destination.name': video,
        'messaging.message.id': rows[0]?.id,
        'hookline.delivery_id': id,
        'hookline.webhook_id': hook.id,
        'hookline.user_id': hook.userId,
        'hookline.attempt': 1,
        'hookline.max_attempts': 4,
        'hookline.request_id': 'request-1',
        'hookline.outcome': 'success',
      },
    });
    expect(childrenOf(attempt).map(({ name }) => name)).toEqual(['claim', 'POST', 'record']);
    const [claim, call, record] = childrenOf(attempt);
    const port = Number(new URL(receiver.url).port);
    expect(call).toMatchObject({
      kind: SpanKind.CLIENT,
      attributes: {
        'http.request.method': 'POST',
        'http.response.status_code': 200,
        'http.request.body.size': JSON.stringify({ hidden: HIDDEN }).length,
        'http.response.body.size': 0,
        'url.scheme': 'http',
        'server.address': '127.0.0.1',
        'server.port': port,
      },
    });
    const [claimBatch] = await traces.named('claim batch');
    const [recordBatch] = await traces.named('record batch');
    expect([linksOf(claim), linksOf(claimBatch)]).toEqual([[idOf(claimBatch)], [idOf(triggered)]]);
    expect([linksOf(record), linksOf(recordBatch)]).toEqual([[idOf(recordBatch)], [idOf(attempt)]]);
    for (const batch of [claimBatch, recordBatch]) {
      expect(batch?.parentSpanContext).toBeUndefined();
      expect(batch?.attributes).toMatchObject({ 'messaging.batch.message_count': 1 });
    }
    for (const part of [claim, call, record]) {
      expect(ms(part?.startTime ?? [0, 0])).toBeGreaterThanOrEqual(ms(attempt?.startTime ?? [0, 0]));
      expect(ms(part?.endTime ?? [0, 0])).toBeLessThanOrEqual(ms(attempt?.endTime ?? [0, 0]));
    }
    const told = traces
      .spans()
      .map(({ name, attributes, events, status, links }) => ({ name, attributes, events, status, links }));
    expect(JSON.stringify(told)).not.toContain(HIDDEN);
    expect(receiver.requests.at(-1)?.headers).not.toHaveProperty('traceparent');
  });

  it('of a retry, and of a replay, are their own, with a link to the event', async () => {
    receiver.answerWith([{ status: 500 }, {}]);
    await startOwnWorker();
    const id = await post({ user_id: hook.userId });
    await deliveryWith(ctx.db(), id, 'success');
    const [first, second] = await traces.named(`attempt ${video}`, 2);
    const [triggered] = await traces.named(`trigger ${video}`);
    expect(first).toMatchObject({
      parentSpanContext: { spanId: idOf(triggered) },
      status: { code: SpanStatusCode.ERROR },
      attributes: { 'hookline.outcome': 'retrying' },
    });
    expect(childrenOf(first).find(({ name }) => name === 'POST')).toMatchObject({
      status: { code: SpanStatusCode.ERROR },
      attributes: { 'error.type': '500', 'http.response.status_code': 500 },
    });
    expect(second?.parentSpanContext).toBeUndefined();
    expect(linksOf(second)).toEqual([idOf(triggered)]);
    expect(second?.attributes).toMatchObject({ 'hookline.attempt': 2, 'hookline.outcome': 'success' });
    expect(childrenOf(second).find(({ name }) => name === 'POST')?.attributes['http.request.resend_count']).toBe(1);

    traces.forget();
    const [replay] = await createReplay(ctx.db(), hook, { status: 'all' });
    await advance(ctx.db(), replay);
    const [replayed] = await traces.named(`attempt ${video}`);
    expect(replayed?.parentSpanContext).toBeUndefined();
    expect(linksOf(replayed)).toEqual([idOf(triggered)]);
    expect(replayed?.attributes['hookline.attempt']).toBe(1);
  });

  it('of many events: a span for the batch that was triggered, and links from what was claimed together', async () => {
    const events = Array.from({ length: 5 }, () => ({
      type: video,
      user_id: hook.userId,
      payload: { hidden: HIDDEN },
    }));
    await postEvent(served.url, JSON.stringify({ events: [...events, { ...events[0], type: 'no.such' }] }));
    const [triggered] = await traces.named('trigger');
    expect(triggered).toMatchObject({
      attributes: { 'messaging.batch.message_count': 6, 'hookline.refused': 1, 'error.type': 'unknown_event_type' },
    });
    await startOwnWorker();
    const attempts = await traces.named(`attempt ${video}`, 5);
    for (const attempt of attempts) expect(attempt.parentSpanContext?.spanId).toBe(idOf(triggered));
    const [claimBatch] = await traces.named('claim batch');
    expect(linksOf(claimBatch)).toEqual([idOf(triggered)]);
    expect(claimBatch?.attributes['messaging.batch.message_count']).toBe(5);
    const recorded = (await traces.named('record batch')).flatMap((batch) => linksOf(batch) ?? []);
    expect(recorded.sort()).toEqual(attempts.map(idOf).sort());
  });

  it('go on from the span that is active in an application, and from what SQL and supabase-js say', async () => {
    await startOwnWorker();
    const hookline = createHookline({ pool: ctx.db() });
    const tracer = trace.getTracer('application');
    const outer = tracer.startSpan('checkout');
    await context.with(trace.setSpan(context.active(), outer), () =>
      hookline.trigger(undefined, { type: video, payload: {}, userId: hook.userId, requestId: 'checkout-7' }),
    );
    outer.end();
    const [triggered] = await traces.named(`trigger ${video}`);
    const [attempt] = await traces.named(`attempt ${video}`);
    expect(triggered?.parentSpanContext?.spanId).toBe(outer.spanContext().spanId);
    expect(attempt).toMatchObject({
      parentSpanContext: { spanId: idOf(triggered) },
      attributes: { 'hookline.request_id': 'checkout-7' },
    });
    traces.forget();

    await ctx.db().transaction(async (tx) => {
      await tx.query(
        "SELECT set_config('role', 'service_role', true), set_config('hookline.traceparent', $1, true), set_config('hookline.request_id', 'cron.7', true)",
        [TRACEPARENT],
      );
      await tx.query("SELECT FROM trigger_webhook_event('video.generated', '{}', $1::uuid)", [hook.userId]);
    });
    const [bySql] = await traces.named(`attempt ${video}`);
    expect(bySql).toMatchObject({
      parentSpanContext: { traceId: TRACE, spanId: SPAN },
      attributes: { 'hookline.request_id': 'cron.7' },
    });
    traces.forget();

    const args = { p_event_type: video, p_payload: {}, p_user_id: hook.userId };
    const headers = { traceparent: TRACEPARENT, 'x-request-id': 'rpc-1' };
    expect((await callRpc(served.url, 'trigger_webhook_event', args, { bearer: SERVICE_KEY, headers })).status).toBe(
      200,
    );
    const [byRpc] = await traces.named(`attempt ${video}`);
    expect(byRpc).toMatchObject({
      parentSpanContext: { traceId: TRACE, spanId: SPAN },
      attributes: { 'hookline.request_id': 'rpc-1' },
    });
  });

  it('are passed on to endpoints when that is allowed, unless the owner has a header of that name', async () => {
    await startOwnWorker({ sendTraceparent: true });
    await post({ user_id: hook.userId }, { traceparent: TRACEPARENT });
    await traces.named(`attempt ${video}`);
    const [call] = await traces.named('POST');
    expect(receiver.requests.at(-1)?.headers).toMatchObject({ traceparent: `00-${TRACE}-${idOf(call)}-01` });
    const own = await createWebhook(ctx.db(), receiver.url);
    await asUserId(ctx.db(), own.userId, (tx) =>
      tx.query(`SELECT set_webhook_headers($1::uuid, '{"TraceParent": "of the owner"}')`, [own.id]),
    );
    const id = await post({ user_id: own.userId }, { traceparent: TRACEPARENT });
    await deliveryWith(ctx.db(), id, 'success');
    expect(receiver.requests.at(-1)?.headers).toMatchObject({ traceparent: 'of the owner' });
    expect((await delivery(ctx.db(), id))['request_headers']).toMatchObject({ TraceParent: '***' });
  });

  it('are not made by an instrumentation of the HTTP client, nor passed on by it', async () => {
    const made: boolean[] = [];
    const onRequest = (): void => {
      const span = trace.getTracer('instrumentation').startSpan('of the instrumentation');
      made.push(span.isRecording());
      span.end();
    };
    const requests = channel('undici:request:create');
    await startOwnWorker();
    requests.subscribe(onRequest);
    try {
      const id = (await trigger(ctx.db(), hook.userId))[0] ?? '';
      await deliveryWith(ctx.db(), id, 'success');
    } finally {
      requests.unsubscribe(onRequest);
    }
    expect(made).toEqual([false]);
  });

  // Redis goes with PostgreSQL alone.
  if (ctx.kind !== 'postgres') return;
  it('go on where workers hand deliveries to each other', async () => {
    await startOwnWorker({ redisUrl: inject('redisUrl') });
    await post({ user_id: hook.userId }, { traceparent: TRACEPARENT });
    const [attempt] = await traces.named(`attempt ${video}`);
    expect([traceOf(attempt), childrenOf(attempt).map(({ name }) => name)]).toEqual([
      TRACE,
      ['claim', 'POST', 'record'],
    ]);
  });
});
