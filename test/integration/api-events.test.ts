import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createUser, describeOnPostgres } from '../harness/databases.js';
import { createWebhook } from '../harness/delivering.js';
import { postEvent, serveApi } from './api-client.js';

describeOnPostgres('POST /v1/events', (ctx) => {
  let served: Awaited<ReturnType<typeof serveApi>>;
  let webhook: Awaited<ReturnType<typeof createWebhook>>;
  beforeAll(async () => {
    served = await serveApi(ctx.db());
    webhook = await createWebhook(ctx.db(), 'https://example.com/hook');
    await createWebhook(ctx.db(), 'https://example.com/other');
  });
  afterAll(() => served.app.close());

  const post = (body: object, key?: string) =>
    postEvent(served.url, JSON.stringify(body), key === undefined ? {} : { 'idempotency-key': key });
  const text = async (sql: string, param: unknown): Promise<string | undefined> =>
    (await ctx.db().query<{ text: string }>(sql, [String(param)])).rows[0]?.text;

  it('triggers for one user, and answers with the deliveries', async () => {
    const { status, body } = await post({ type: 'video.generated', payload: { a: 1 }, user_id: webhook.userId });
    expect(status).toBe(202);
    expect(body).toEqual({
      event_id: expect.any(String),
      duplicate: false,
      deliveries: [{ id: expect.any(String), webhook_id: webhook.id, url: 'https://example.com/hook' }],
    });
    const owner = 'SELECT user_id::text AS text FROM webhook_deliveries WHERE event_id = $1::text::uuid';
    expect(await text(owner, body['event_id'])).toBe(webhook.userId);
  });

  it('reaches every subscriber when it says broadcast: true', async () => {
    const { status, body } = await post({ type: 'video.generated', payload: {}, broadcast: true });
    expect(status).toBe(202);
    expect(body['deliveries']).toHaveLength(2);
  });

  it('answers 202 with no delivery when nobody subscribes', async () => {
    const nobody = await createUser(ctx.db());
    const { status, body } = await post({ type: 'credit.added', payload: {}, user_id: nobody });
    expect(status).toBe(202);
    expect(body['deliveries']).toEqual([]);
  });

  it('keeps every digit of the payload', async () => {
    const payload = '{"long":12345678901234567890,"cents":10.00,"huge":1e400,"tiny":0.10000000000000000001}';
    const { body } = await postEvent(served.url, `{"type":"video.generated","broadcast":true,"payload":${payload}}`);
    const stored = await text(
      'SELECT payload::text AS text FROM hookline.events WHERE id = $1::text::uuid',
      body['event_id'],
    );
    expect(stored).toContain('"long": 12345678901234567890');
    expect(stored).toContain('"cents": 10.00');
    expect(stored).toContain(`"huge": 1${'0'.repeat(400)}`);
    expect(stored).toContain('"tiny": 0.10000000000000000001');
  });

  it('gives the first answer for a key that comes again, also many times at once', async () => {
    const event = { type: 'video.generated', payload: { n: 1 }, user_id: webhook.userId };
    const key = randomUUID();
    const answers = await Promise.all(Array.from({ length: 8 }, () => post(event, key)));
    expect(new Set(answers.map(({ body }) => body['event_id'])).size).toBe(1);
    expect(new Set(answers.map(({ body }) => JSON.stringify(body['deliveries']))).size).toBe(1);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 200, 200, 200, 202]);
    for (const { status, body } of answers) expect(body['duplicate']).toBe(status === 200);
  });

  it('refuses a key that comes with another request', async () => {
    const event = { type: 'video.generated', payload: { n: 1 }, user_id: webhook.userId };
    const key = randomUUID();
    await post(event, key);
    const others = [
      { ...event, payload: { n: 2 } },
      { ...event, type: 'video.failed' },
    ];
    for (const other of others) {
      const { status, body } = await post(other, key);
      expect([status, body['code']]).toEqual([409, 'idempotency_conflict']);
    }
  });

  const event = '"type":"video.generated","broadcast":true';
  it.each([
    ['an unknown type', '{"type":"video.exploded","broadcast":true,"payload":{}}', 422, 'unknown_event_type'],
    ['an unknown user', `{"type":"video.generated","user_id":"${randomUUID()}","payload":{}}`, 422, 'unknown_user'],
    ['a user that is no UUID', '{"type":"video.generated","user_id":"u1","payload":{}}', 400, 'invalid_request'],
    ['no recipient', '{"type":"video.generated","payload":{}}', 400, 'invalid_request'],
    ['both recipients', `{${event},"user_id":"${randomUUID()}","payload":{}}`, 400, 'invalid_request'],
    ['broadcast: false', '{"type":"video.generated","broadcast":false,"payload":{}}', 400, 'invalid_request'],
    ['a field that is not known', `{${event},"payload":{},"userid":"x"}`, 400, 'invalid_request'],
    ['no payload', `{${event}}`, 400, 'invalid_request'],
    ['a payload that is no object', `{${event},"payload":[1]}`, 400, 'invalid_request'],
    ['a payload of null', `{${event},"payload":null}`, 400, 'invalid_request'],
    ['a type of 101 characters', `{"type":"${'x'.repeat(101)}","broadcast":true,"payload":{}}`, 400, 'invalid_request'],
    ['a body that is no object', '[1]', 400, 'invalid_request'],
    ['a NUL character', `{${event},"payload":{"a":"\\u0000"}}`, 422, 'not_storable'],
    ['a lone surrogate', `{${event},"payload":{"a":"\\ud800"}}`, 422, 'not_storable'],
    ['a NUL in the type', '{"type":"a\\u0000","broadcast":true,"payload":{}}', 422, 'not_storable'],
    ['a number beyond numeric', `{${event},"payload":{"a":1e999999}}`, 422, 'invalid_payload'],
    ['a payload of 300 kB', `{${event},"payload":{"a":"${'x'.repeat(300_000)}"}}`, 413, 'payload_too_large'],
    ['100,000 brackets', `{${event},"payload":{"a":${'['.repeat(1e5)}${']'.repeat(1e5)}}}`, 400, 'invalid_json'],
  ])('refuses %s', async (_what, body, status, code) => {
    const answer = await postEvent(served.url, body);
    expect([answer.status, answer.body['code']]).toEqual([status, code]);
    expect(answer.type).toContain('application/problem+json');
  });

  it.each([' ', 'x'.repeat(256), 'é'])('refuses the idempotency key %j', async (key) => {
    const given = await post({ type: 'video.generated', payload: {}, broadcast: true }, key);
    expect([given.status, given.body['code']]).toEqual([400, 'invalid_request']);
  });
});
