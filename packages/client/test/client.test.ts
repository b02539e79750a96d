import { afterAll, beforeAll, expect, it } from 'vitest';
import { createUser, describeOnEachDatabase } from '../../../test/harness/databases.js';
import { startTestWorker } from '../../../test/harness/delivering.js';
import { type ReceiverServer, startReceiver } from '../../../test/harness/receiver-server.js';
import { waitUntil } from '../../../test/harness/wait-until.js';
import { SERVICE_KEY, serveApi } from '../../../test/integration/api-client.js';
import { type ClientOptions, createClient, HooklineApiError, ok, verifyWebhook } from '../src/index.js';

describeOnEachDatabase('createClient against a server', (ctx) => {
  let server: Awaited<ReturnType<typeof serveApi>>;
  let subscriber: ReceiverServer;
  let worker: Awaited<ReturnType<typeof startTestWorker>>;
  beforeAll(async () => {
    server = await serveApi(ctx.db());
    subscriber = await startReceiver();
    worker = await startTestWorker(ctx.db());
  });
  afterAll(async () => {
    await worker.stop(2_000);
    await server.app.close();
    await subscriber.close();
  });
  const service = (options: Partial<ClientOptions> = {}) =>
    createClient({ url: server.url, token: SERVICE_KEY, backoffMs: 1, ...options });

  it('makes a webhook, triggers, and finds the delivery that came and verifies', async () => {
    const user_id = await createUser(ctx.db());
    const client = service();
    const body = { user_id, name: 'mine', url: subscriber.url, event_types: ['video.generated'] };
    const webhook = ok(await client.POST('/v1/webhooks', { body }));
    expect(webhook).toMatchObject({ name: 'mine', url: subscriber.url, is_active: true });

    await client
      .POST('/v1/events', { body: { type: 'video.generated', user_id, payload: { video_id: 'v1' } } })
      .then(ok);
    await subscriber.waitFor(1);
    const request = subscriber.requests[0];
    if (request === undefined) throw new Error('no request came');
    const verified = await verifyWebhook(request, webhook.secret);
    expect(verified).toMatchObject({ event: 'video.generated', webhookId: webhook.id, payload: { video_id: 'v1' } });

    const path = { delivery_id: verified.id };
    const delivery = await waitUntil(
      async () => {
        const one = ok(await client.GET('/v1/deliveries/{delivery_id}', { params: { path } }));
        return one.status === 'success' ? one : undefined;
      },
      { message: 'the delivery to be recorded' },
    );
    expect(delivery).toMatchObject({ webhook_id: webhook.id, event_type: 'video.generated', response_status: 200 });
  });

  it('goes through a list over all of its pages', async () => {
    const user_id = await createUser(ctx.db());
    const client = service();
    const names = Array.from({ length: 7 }, (_, n) => `w${n}`);
    for (const name of names) {
      await client.POST('/v1/webhooks', { body: { user_id, name, url: subscriber.url } }).then(ok);
    }
    const listed: string[] = [];
    for await (const { name } of client.each('/v1/webhooks', { params: { query: { user_id, limit: 3 } } }))
      listed.push(name);
    expect(listed).toEqual(names.toReversed());
  });

  it('triggers once although the answer was lost', async () => {
    const user_id = await createUser(ctx.db());
    let lost = 0;
    const client = service({
      async fetch(request, init) {
        const response = await fetch(request, init);
        if (request.method !== 'POST' || lost > 1) return response;
        lost += 1;
        throw new TypeError('the connection was lost');
      },
    });
    const event = { type: 'video.generated', user_id, payload: {} };
    expect(ok(await client.POST('/v1/events', { body: event }))).toMatchObject({ duplicate: true });
    const events = [event, { ...event, type: 'video.failed' }];
    lost = 0;
    const batch = ok(await client.POST('/v1/events', { body: { events } }));
    expect(batch).toMatchObject({ results: [{ duplicate: true }, { duplicate: true }] });
    const { rows } = await ctx
      .db()
      .query<{ count: number }>('SELECT count(*)::int AS count FROM hookline.events WHERE user_id = $1::uuid', [
        user_id,
      ]);
    expect(rows).toEqual([{ count: 3 }]);
  });

  it('gives refusals as they are', async () => {
    const params = { path: { webhook_id: '00000000-0000-4000-8000-000000000000' } };
    const { data, error, response } = await service().GET('/v1/webhooks/{webhook_id}', { params });
    expect([data, error, response.status]).toMatchObject([undefined, { code: 'webhook_not_found', status: 404 }, 404]);
    const nobody = createClient({ url: `${server.url}/`, token: 'wrong', retries: 0 });
    const thrown: unknown = await nobody
      .each('/v1/webhooks')
      .next()
      .catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(HooklineApiError);
    expect(thrown).toMatchObject({ status: 401, requestId: expect.any(String) });
  });
});
