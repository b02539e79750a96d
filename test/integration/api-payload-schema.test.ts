import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { asService } from '../../src/db/roles.js';
import { createPayloadCheck } from '../../src/trigger/payload-schema.js';
import { describeOnPostgres } from '../harness/databases.js';
import { postEvent, serveApi } from './api-client.js';

const DRAFT_07 = 'http://json-schema.org/draft-07/schema#';
const DRAFT_2020 = 'https://json-schema.org/draft/2020-12/schema';

describeOnPostgres('payload_schema at POST /v1/events', (ctx) => {
  let served: Awaited<ReturnType<typeof serveApi>>;
  beforeAll(async () => {
    served = await serveApi(ctx.db());
  });
  afterAll(() => served.app.close());
  beforeEach(async () => {
    await ctx.db().query('DELETE FROM hookline.events');
    await setSchema(null);
  });

  const setSchema = (schema: unknown): Promise<unknown> =>
    asService(ctx.db(), (tx) =>
      tx.query(
        `INSERT INTO webhook_events (event_type, category, payload_schema) VALUES ('job.done', 'job', $1::jsonb)
         ON CONFLICT (event_type) DO UPDATE SET payload_schema = excluded.payload_schema`,
        [schema === null ? null : JSON.stringify(schema)],
      ),
    );
  const post = (payload: string) => postEvent(served.url, `{"type":"job.done","broadcast":true,"payload":${payload}}`);
  const events = async (): Promise<number> => (await ctx.db().query('SELECT FROM hookline.events')).rowCount;

  it('takes what fulfils it, and anything where there is none', async () => {
    expect((await post('{"anything":[1]}')).status).toBe(202);
    await setSchema({ type: 'object', required: ['id'], properties: { id: { type: 'integer' } } });
    expect((await post('{"id":7,"more":true}')).status).toBe(202);
    expect(await events()).toBe(2);
  });

  it('says of a payload that is nested too deep that it is, and nothing ill of the schema', () => {
    let payload: unknown[] = [];
    for (let depth = 0; depth < 100_000; depth += 1) payload = [payload];
    const check = createPayloadCheck();
    const schema = '{"type":"array","items":{"$ref":"#"}}';
    expect(() => check('job.done', schema, payload)).toThrow(
      expect.objectContaining({ code: 'invalid_payload', message: expect.stringContaining('too deep') }),
    );
    expect(() => check('job.done', schema, [[]])).not.toThrow();
  });

  it('refuses what does not, says each place that is wrong, and triggers nothing', async () => {
    await setSchema({
      $schema: DRAFT_2020,
      type: 'object',
      required: ['id', 'items'],
      properties: {
        id: { type: 'string', format: 'uuid' },
        items: { type: 'array', items: { type: 'object', properties: { 'a/b': { type: 'number', minimum: 1 } } } },
      },
      additionalProperties: false,
    });
    const { status, type, body } = await post('{"id":"x","items":[{"a/b":2},{"a/b":0}],"extra":1}');
    expect(status).toBe(422);
    expect(type).toContain('application/problem+json');
    expect(body).toMatchObject({ code: 'invalid_payload', hint: expect.stringContaining('payload_schema') });
    expect(body['errors']).toEqual([
      { pointer: '/payload', detail: expect.stringContaining('extra') },
      { pointer: '/payload/id', detail: expect.stringContaining('uuid') },
      { pointer: '/payload/items/1/a~1b', detail: 'must be >= 1' },
    ]);
    expect(body['detail']).toContain('/payload/id');
    expect(await events()).toBe(0);
  });

  it('is that of now: a changed schema counts at once, also one that keeps its $id', async () => {
    const $id = 'https://example.com/job.json';
    await setSchema({ $id, type: 'object', required: ['old'] });
    expect((await post('{"old":1}')).status).toBe(202);
    await setSchema({ $id, type: 'object', required: ['new'] });
    expect((await post('{"old":1}')).status).toBe(422);
    expect((await post('{"new":1}')).status).toBe(202);
  });

  it('may be of another draft', async () => {
    // In draft 07 an array of schemas is the tuple that 2020-12 calls prefixItems.
    const tuple = { type: 'object', properties: { pair: { items: [{ type: 'string' }], additionalItems: false } } };
    await setSchema({ $schema: DRAFT_07, ...tuple });
    expect((await post('{"pair":["a"]}')).status).toBe(202);
    expect((await post('{"pair":["a","b"]}')).status).toBe(422);
    await setSchema({ $schema: 'https://json-schema.org/draft/2019-09/schema', dependentRequired: { a: ['b'] } });
    expect((await post('{"a":1}')).status).toBe(422);
  });

  it('that cannot be used refuses the event and says why', async () => {
    for (const schema of [
      { type: 'objekt' },
      { $ref: 'https://example.com/elsewhere.json' },
      { $schema: 'http://json-schema.org/draft-04/schema#' },
      { pattern: '(' },
      { $ref: '#' },
      { $async: true, type: 'object', required: ['a', 'z'] },
      'a text',
    ]) {
      await setSchema(schema);
      const { status, body } = await post('{"a":"b"}');
      expect([status, body['code']], JSON.stringify(schema)).toEqual([422, 'invalid_payload_schema']);
      expect(body['detail']).toContain('job.done');
    }
    expect(await events()).toBe(0);
  });

  it('is not fulfilled by what every object inherits', async () => {
    await setSchema({ type: 'object', required: ['toString', '__proto__'] });
    expect((await post('{}')).status).toBe(422);
    expect((await post('{"toString":1,"__proto__":2}')).status).toBe(202);
  });

  it('takes a number beyond a double for a number', async () => {
    await setSchema({ properties: { n: { type: 'number', minimum: 5 } } });
    expect((await post('{"n":1e400}')).status).toBe(202);
    expect((await post('{"n":-1e400}')).status).toBe(422);
  });

  it('knows that 19.99 is a multiple of 0.01', async () => {
    await setSchema({ properties: { amount: { multipleOf: 0.01 } } });
    for (const amount of ['19.99', '1.13', '1000000.07']) expect((await post(`{"amount":${amount}}`)).status).toBe(202);
    expect((await post('{"amount":19.995}')).status).toBe(422);
  });

  it('of JSON null is none', async () => {
    await asService(ctx.db(), (tx) =>
      tx.query("UPDATE webhook_events SET payload_schema = 'null' WHERE event_type = 'job.done'"),
    );
    expect((await post('{}')).body['code']).toBe('invalid_payload_schema');
  });

  it('is not asked about a payload that is too large anyway', async () => {
    await setSchema({ properties: { list: { type: 'string' } } });
    const { status, body } = await post(JSON.stringify({ list: 'x'.repeat(100_000).split('') }));
    expect([status, body['code']]).toEqual([413, 'payload_too_large']);
    expect((await post(`{"list":"a"${' '.repeat(300_000)}}`)).status).toBe(202);
  });

  it('that changed does not undo what an idempotency key has begun', async () => {
    const send = (key: string) =>
      postEvent(served.url, '{"type":"job.done","broadcast":true,"payload":{"old":1}}', { 'idempotency-key': key });
    const first = await send('begun');
    await setSchema({ type: 'object', required: ['new'] });
    const { status, body } = await send('begun');
    expect([status, body['event_id'], body['duplicate']]).toEqual([200, first.body['event_id'], true]);
    expect((await send('fresh')).status).toBe(422);
    await ctx
      .db()
      .query("UPDATE hookline.events SET created_at = now() - interval '2 days' WHERE idempotency_key = 'begun'");
    expect((await send('begun')).status).toBe(422);
  });

  it('names 20 wrong places at most', async () => {
    await setSchema({ properties: { list: { items: { type: 'string' } } } });
    const { body } = await post(JSON.stringify({ list: Array.from({ length: 30_000 }, (_, i) => i) }));
    expect(body['errors']).toHaveLength(20);
  });
});
