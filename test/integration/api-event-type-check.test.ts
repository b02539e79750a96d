import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { asService } from '../../src/db/roles.js';
import { describeOnPostgres } from '../harness/databases.js';
import { type ApiUser, type ContractedApi, serveContract } from './api-callers.js';

describeOnPostgres('POST /v1/event-types/{event_type}/check', (ctx) => {
  let api: ContractedApi;
  let user: ApiUser;
  beforeAll(async () => {
    api = await serveContract(ctx.db());
    user = await api.user();
  });
  afterAll(() => api.app.close());

  /** A new event type with this schema; written by SQL, which takes what the API refuses, too. */
  const typeWith = async (schema: unknown): Promise<string> => {
    const name = `test.${randomUUID()}`;
    await asService(ctx.db(), (tx) =>
      tx.query("INSERT INTO webhook_events (event_type, category, payload_schema) VALUES ($1, 'test', $2::jsonb)", [
        name,
        schema === null ? null : JSON.stringify(schema),
      ]),
    );
    return name;
  };
  const check = (name: string, body: unknown, bearer = user.bearer) =>
    api.call('POST', `/v1/event-types/${name}/check`, { bearer, body });

  it('says what an event with the payload would be told, place by place', async () => {
    const name = await typeWith({
      type: 'object',
      required: ['id'],
      properties: { items: { type: 'array', items: { properties: { 'a/b': { minimum: 1 } } } } },
      additionalProperties: false,
    });
    const payload = { items: [{ 'a/b': 2 }, { 'a/b': 0 }], extra: 1 };
    const { status, body } = await check(name, { payload });
    const event = { type: name, broadcast: true, payload };
    const refused = await api.service('POST', '/v1/events', { body: event });
    expect([status, refused.status]).toEqual([200, 422]);
    expect(body).toEqual({ is_valid: false, errors: refused.body['errors'] });
    expect(body['errors']).toContainEqual({ pointer: '/payload/items/1/a~1b', detail: 'must be >= 1' });
    const { rows } = await ctx.db().query('SELECT FROM hookline.events WHERE event_type = $1', [name]);
    expect(rows).toEqual([]);
  });

  it('takes for not valid what leads the schema back to itself without an end', async () => {
    const name = await typeWith({ properties: { a: { if: { type: 'null' }, else: { $ref: '#/properties/a' } } } });
    expect((await check(name, { payload: { a: null } })).body).toEqual({ is_valid: true, errors: [] });
    const { status, body } = await check(name, { payload: { a: 1 } });
    const errors = [{ pointer: '/payload', detail: expect.stringContaining('leads back to itself') }];
    expect([status, body]).toEqual([200, { is_valid: false, errors }]);
    const refused = await api.service('POST', '/v1/events', {
      body: { type: name, broadcast: true, payload: { a: 1 } },
    });
    expect([refused.status, refused.body['errors']]).toEqual([422, errors]);
  });

  it('takes what fulfils the schema, that of now, and anything where there is none', async () => {
    const name = await typeWith({ required: ['id'] });
    expect((await check(name, { payload: { id: 1 } })).body).toEqual({ is_valid: true, errors: [] });
    await asService(ctx.db(), (tx) =>
      tx.query(`UPDATE webhook_events SET payload_schema = '{"required": ["other"]}' WHERE event_type = $1`, [name]),
    );
    expect((await check(name, { payload: { id: 1 } })).body).toMatchObject({ is_valid: false });
    expect((await check(await typeWith(null), { payload: { any: [1] } })).body).toEqual({ is_valid: true, errors: [] });
  });

  it('refuses what no event can have, and says where there is no such type or no schema that can be used', async () => {
    const name = await typeWith(null);
    const answer = async (type: string, body: unknown) => {
      const { status, body: problem } = await check(type, body);
      return [status, problem['code']];
    };
    expect(await answer('no.such', { payload: {} })).toEqual([404, 'event_type_not_found']);
    expect(await answer(await typeWith({ type: 'no such type' }), { payload: {} })).toEqual([
      422,
      'invalid_payload_schema',
    ]);
    expect(await answer(name, { payload: { a: 'x'.repeat(262_144) } })).toEqual([413, 'payload_too_large']);
    for (const body of [{}, { payload: [1] }, { payload: null }, { payload: {}, more: 1 }]) {
      expect(await answer(name, body)).toEqual([400, 'invalid_request']);
    }
  });

  it('tells whether items are unique by one walk: as many as a payload holds keep nobody waiting', async () => {
    const name = await typeWith({ properties: { a: { uniqueItems: true }, b: { uniqueItems: false } } });
    const a = Array.from({ length: 20_000 }, (_, n) => ({ n }));
    expect((await check(name, { payload: { a } })).body).toEqual({ is_valid: true, errors: [] });
    const differing = [
      '{"a":[1,"1",[1],{"1":1},"[1]",true,"true",null,"null",{"x":[1,2]},{"x":[12]},1e400,-1e400,[],{}]}',
    ];
    for (const payload of [...differing, '{"a":"aa","b":[1,1]}']) {
      expect((await check(name, `{"payload":${payload}}`)).body, payload).toEqual({ is_valid: true, errors: [] });
    }
    for (const items of ['[0,1,1.0]', '[2,{"x":{"y":1,"z":[]},"w":0},{"w":0,"x":{"z":[],"y":1}}]', '[{},"x","x"]']) {
      const detail = 'must NOT have duplicate items (items ## 1 and 2 are identical)';
      const { body } = await check(name, `{"payload":{"a":${items}}}`);
      expect(body, items).toEqual({ is_valid: false, errors: [{ pointer: '/payload/a', detail }] });
    }
  });

  it('takes credentials that may only read', async () => {
    const body = { name: 'k', access: 'read', user_id: user.id };
    const { body: made } = await api.service<{ key: string }>('POST', '/v1/api-keys', { body });
    expect((await check(await typeWith(null), { payload: {} }, made.key)).status).toBe(200);
  });
});
