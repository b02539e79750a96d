import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/db/database.js';
import { openPostgres } from '../../src/db/pg.js';
import { describeOnPostgres } from '../harness/databases.js';
import { createWebhook } from '../harness/delivering.js';
import { type Answer, postEvent, serveApi } from './api-client.js';

type Result = { event_id?: string; duplicate?: boolean; deliveries?: object[]; error?: Record<string, unknown> };

describeOnPostgres('POST /v1/events of many', (ctx) => {
  let served: Awaited<ReturnType<typeof serveApi>>;
  let userId: string;
  beforeAll(async () => {
    served = await serveApi(ctx.db());
    ({ userId } = await createWebhook(ctx.db(), 'https://example.com/hook'));
  });
  afterAll(() => served.app.close());

  const event = (n: number, more: object = {}) => ({
    type: 'video.generated',
    payload: { n },
    user_id: userId,
    ...more,
  });
  const post = (events: unknown, headers: Record<string, string> = {}) =>
    postEvent(served.url, JSON.stringify({ events }), headers);
  const payloadOf = async (id: string | undefined): Promise<string | undefined> => {
    const sql = 'SELECT payload::text AS text FROM hookline.events WHERE id = $1::uuid';
    return (await ctx.db().query<{ text: string }>(sql, [id ?? null])).rows[0]?.text;
  };

  it('gives a result for each, in order', async () => {
    const { status, type, body } = await post(Array.from({ length: 120 }, (_, n) => event(n)));
    expect([status, type]).toEqual([202, 'application/json; charset=utf-8']);
    const results = resultsOf({ body });
    expect(results).toHaveLength(120);
    for (const result of results) {
      expect(result).toEqual({
        event_id: expect.any(String),
        duplicate: false,
        deliveries: [{ id: expect.any(String), webhook_id: expect.any(String), url: 'https://example.com/hook' }],
      });
    }
    for (const n of [0, 77, 119]) expect(await payloadOf(results[n]?.event_id)).toBe(`{"n": ${n}}`);
  });

  it('refuses a NUL in a type or an external user before the database does, which would repeat every event alone', async () => {
    let statements = 0;
    const db: Database = {
      ...ctx.db(),
      atOnce(...all) {
        statements += 1;
        return ctx.db().atOnce(...all);
      },
    };
    const other = await serveApi(db);
    await postEvent(other.url, JSON.stringify(event(0)));
    statements = 0;
    const events = [
      event(1),
      event(2, { type: 'a\0' }),
      event(3, { user_id: undefined, external_user_id: '\0' }),
      event(4),
    ];
    const { body } = await postEvent(other.url, JSON.stringify({ events }));
    const refused = { error: expect.objectContaining({ code: 'not_storable' }) };
    const made = expect.objectContaining({ event_id: expect.any(String) });
    expect(resultsOf({ body })).toEqual([made, refused, refused, made]);
    expect(statements).toBe(1);
    expect((await postEvent(other.url, JSON.stringify(event(5, { type: '\0' })))).body).toMatchObject({
      code: 'not_storable',
    });
    await other.app.close();
  });

  it('keeps every digit of each payload, in any spacing', async () => {
    const events = ['12345678901234567890', '10.00', '1e3'].map(
      (number) => ` {"payload" : {"n" : ${number} }\n, "broadcast":true,"type":"video.generated"}`,
    );
    const answer = await postEvent(served.url, `{ "events" : [${events.join(' ,')} ] }`);
    const texts = await Promise.all(resultsOf(answer).map(({ event_id }) => payloadOf(event_id)));
    expect(texts).toEqual(['{"n": 12345678901234567890}', '{"n": 10.00}', '{"n": 1000}']);
  });

  it('refuses what is wrong as it would by itself, and nothing beside it', async () => {
    const wrong = [
      event(1, { type: 'no.such' }),
      event(1, { user_id: 'u1' }),
      event(1, { user_id: randomUUID() }),
      event(1, { broadcast: true }),
      event(1, { payload: [1] }),
      event(1, { payload: { text: '\0' } }),
      event(1, { payload: { text: 'x'.repeat(300_000) } }),
      event(1, { unknown: 1 }),
      { ...event(1), type: undefined },
      event(1, { idempotency_key: 'é' }),
      7,
      null,
      [event(1)],
    ];
    const results = resultsOf(await post(wrong.flatMap((one, n) => [event(n), one])));
    for (const [at, one] of wrong.entries()) {
      const alone = await postEvent(served.url, JSON.stringify(one));
      const { request_id: _, ...problem } = alone.body;
      expect(results[at * 2]).toMatchObject({ duplicate: false });
      expect(results[at * 2 + 1], JSON.stringify(one)?.slice(0, 200)).toEqual({ error: problem });
    }
  });

  it('knows the key of each event', async () => {
    const [one, other] = [randomUUID(), randomUUID()];
    const events = [
      event(1, { idempotency_key: one }),
      event(1, { idempotency_key: one }),
      event(2, { idempotency_key: one }),
      event(2, { idempotency_key: other }),
    ];
    const first = resultsOf(await post(events));
    expect(first.map(({ duplicate, error }) => duplicate ?? error?.['code'])).toEqual([
      ...[false, true, 'idempotency_conflict', false],
    ]);
    const again = resultsOf(await post(events));
    expect(again.map(({ event_id }) => event_id)).toEqual(first.map(({ event_id }) => event_id));
    expect(again.map(({ duplicate }) => duplicate)).toEqual([true, true, undefined, true]);
    const single = await postEvent(served.url, JSON.stringify(event(2)), { 'idempotency-key': other });
    expect([single.status, single.body['event_id']]).toEqual([200, first[3]?.event_id]);
    const own = await postEvent(served.url, JSON.stringify(event(2, { idempotency_key: other })));
    expect([own.status, own.body['event_id']]).toEqual([200, first[3]?.event_id]);
  });

  it('goes by the own key of an event before that of the request, also of one alone', async () => {
    const own = randomUUID();
    const one = event(1, { idempotency_key: own });
    const isDuplicate = async (body: object) =>
      (await postEvent(served.url, JSON.stringify(body), { 'idempotency-key': randomUUID() })).body['duplicate'];
    expect([await isDuplicate(one), await isDuplicate(one)]).toEqual([false, true]);
    const [again] = resultsOf(await post([one], { 'idempotency-key': randomUUID() }));
    expect(again?.duplicate).toBe(true);
  });

  it('is repeatable by the key of the request, which stands for each of them', async () => {
    const events = Array.from({ length: 1_000 }, (_, n) => event(n % 7));
    const headers = { 'idempotency-key': randomUUID() };
    const first = resultsOf(await post(events, headers));
    expect(new Set(first.map(({ event_id }) => event_id)).size).toBe(1_000);
    const again = resultsOf(await post(events, headers));
    expect(again.map(({ event_id }) => event_id)).toEqual(first.map(({ event_id }) => event_id));
    expect(again.every(({ duplicate }) => duplicate === true)).toBe(true);
  });

  it.each([
    ['no event', [], 400, 'invalid_request'],
    ['1,001 events', Array.from({ length: 1_001 }, () => 1), 400, 'invalid_request'],
    ['no list', {}, 400, 'invalid_request'],
  ])('refuses %s', async (_what, events, status, code) => {
    const answer = await post(events);
    expect([answer.status, answer.body['code']]).toEqual([status, code]);
  });

  it('refuses fields beside events, and a key that leaves no room for places', async () => {
    const beside = await postEvent(served.url, JSON.stringify({ events: [event(1)], type: 'video.generated' }));
    expect([beside.status, beside.body['code']]).toEqual([400, 'invalid_request']);
    const long = await post([event(1)], { 'idempotency-key': 'x'.repeat(252) });
    expect([long.status, long.body['code']]).toEqual([400, 'invalid_request']);
    expect((await post([event(1)], { 'idempotency-key': 'x'.repeat(251) })).status).toBe(202);
  });

  it('takes bodies four times as large as other routes, and says how large', async () => {
    const large = (count: number) =>
      postEvent(served.url, `{"events":[${JSON.stringify(event(1))}]${' '.repeat(count)}}`);
    expect((await large(4_194_000)).status).toBe(202);
    const { status, body } = await large(4_194_304);
    expect([status, body['code']]).toEqual([413, 'body_too_large']);
    expect(body['detail']).toContain('4194304');
  });
});

describe('POST /v1/events without its database', () => {
  it('is 503 for one and for many', async () => {
    const db = openPostgres({ connectionString: 'postgres://nobody@127.0.0.1:1/none' });
    const { app, url } = await serveApi(db);
    const one = { type: 'video.generated', payload: {}, broadcast: true };
    for (const body of [one, { events: [one, one] }]) {
      const answer = await postEvent(url, JSON.stringify(body));
      expect([answer.status, answer.body['code']]).toEqual([503, 'database_unavailable']);
    }
    await app.close();
    await db.close();
  });
});

function resultsOf({ body }: Pick<Answer, 'body'>): Result[] {
  return body['results'] as Result[];
}
