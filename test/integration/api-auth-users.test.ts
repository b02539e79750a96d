import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Database } from '../../src/db/database.js';
import { asService } from '../../src/db/roles.js';
import { describeOnPostgres } from '../harness/databases.js';
import { callRpc, postEvent, SERVICE_KEY, serveApi } from './api-client.js';
import { inSeconds, JWT_SECRET, sign, userClaims } from './api-tokens.js';

const UNKNOWN = { code: 'PGRST303', details: 'token_user_unknown' };
const WEBHOOK = { p_name: 'test', p_url: 'https://example.com/hook' };

describeOnPostgres('the users of tokens', (ctx) => {
  let served: Awaited<ReturnType<typeof serveApi>>;
  beforeAll(async () => {
    served = await serveApi(ctx.db(), { jwtSecret: JWT_SECRET });
  });
  afterAll(() => served.app.close());
  const create = async (sub: string) =>
    callRpc(served.url, 'create_webhook', WEBHOOK, { bearer: await sign(userClaims(sub)) });
  const ownerOf = async (answer: { readonly json: unknown }): Promise<string | undefined> => {
    const id = (answer.json as [{ webhook_id: string }])[0].webhook_id;
    const { rows } = await ctx
      .db()
      .query<{ owner: string }>('SELECT user_id::text AS owner FROM webhooks WHERE id = $1::uuid', [id]);
    return rows[0]?.owner;
  };
  const count = async (sql: string, params: string[] = []): Promise<number | undefined> =>
    (await ctx.db().query<{ n: number }>(`SELECT count(*)::integer AS n FROM ${sql}`, params)).rows[0]?.n;

  it('get their row on first use', async () => {
    const sub = randomUUID();
    expect(await ownerOf(await create(sub))).toBe(sub);
    expect(await ownerOf(await create(sub))).toBe(sub);
    expect(await count('auth.users WHERE id = $1::uuid', [sub])).toBe(1);
  });

  it('are mapped where sub is no UUID, to one and the same user also when many requests come at once', async () => {
    const sub = `auth0|${randomUUID()}-é`;
    const owners = new Set(
      await Promise.all((await Promise.all(Array.from({ length: 8 }, () => create(sub)))).map(ownerOf)),
    );
    expect(owners.size).toBe(1);
    expect(await count('hookline.users WHERE external_user_id = $1', [sub])).toBe(1);
    const another = await serveApi(ctx.db(), { jwtSecret: JWT_SECRET });
    const later = await callRpc(another.url, 'create_webhook', WEBHOOK, { bearer: await sign(userClaims(sub)) });
    await another.app.close();
    expect(await ownerOf(later)).toBe([...owners][0]);
  });

  it('are asked for once, whichever interface they use', async () => {
    let asked = 0;
    const db: Database = {
      ...ctx.db(),
      transaction: (fn) =>
        ctx.db().transaction((tx) =>
          fn({
            query(sql, params) {
              if (sql.includes('ensure_user')) asked += 1;
              return tx.query(sql, params);
            },
          }),
        ),
    };
    const other = await serveApi(db, { jwtSecret: JWT_SECRET });
    const bearer = await sign(userClaims(randomUUID()));
    const headers = { authorization: `Bearer ${bearer}` };
    const answers = [
      await callRpc(other.url, 'create_webhook', WEBHOOK, { bearer }),
      await fetch(`${other.url}/v1/webhooks`, { headers }),
      await fetch(`${other.url}/v1/session`, { headers }),
    ];
    await other.app.close();
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(asked).toBe(1);
  });

  it('are not made by a call that is refused before it, nor by one of nobody', async () => {
    const before = await count('auth.users');
    const token = await sign(userClaims(randomUUID()));
    await callRpc(served.url, 'no_such_function', {}, { bearer: token });
    await callRpc(served.url, 'create_webhook', {}, { bearer: token });
    await callRpc(served.url, 'create_webhook', WEBHOOK);
    await postEvent(served.url, '{}', { authorization: `Bearer ${token}` });
    expect(await count('auth.users')).toBe(before);
  });

  it('are unknown where auth.users is somebody else’s, which is a fault of the token', async () => {
    await ctx.db().query('ALTER TABLE auth.users OWNER TO service_role');
    try {
      const { status, json, headers } = await create(randomUUID());
      expect([status, json]).toEqual([401, expect.objectContaining(UNKNOWN)]);
      expect(headers.get('www-authenticate')).toMatch(/^Bearer /);
      const authorization = `Bearer ${await sign(userClaims(randomUUID()))}`;
      for (const path of [`/v1/webhooks/${randomUUID()}`, '/v1/webhooks', '/v1/deliveries/stream']) {
        const refused = await fetch(served.url + path, { headers: { authorization } });
        expect([path, refused.status, await refused.json()]).toEqual([
          path,
          401,
          expect.objectContaining({ code: 'token_user_unknown', hint: expect.stringContaining('auth.users') }),
        ]);
      }
      const query = { query: '{webhooks{next_cursor}}' };
      const answer = await fetch(`${served.url}/graphql`, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json' },
        body: JSON.stringify(query),
      });
      expect((await answer.json()).errors).toMatchObject([{ extensions: { code: 'token_user_unknown', status: 401 } }]);
      // Whom a body names is no fault of the token.
      const event = { type: 'video.generated', user_id: randomUUID(), payload: {} };
      const named = await postEvent(served.url, JSON.stringify(event));
      expect([named.status, named.body['code']]).toEqual([422, 'unknown_user']);
    } finally {
      await ctx.db().query('ALTER TABLE auth.users OWNER TO CURRENT_USER');
    }
  });

  it('act for themselves alone, whatever their claims say', async () => {
    const mine = await create(randomUUID());
    const [{ webhook_id: p_webhook_id }] = mine.json as [{ webhook_id: string }];
    const theirs = await sign(userClaims('another', { is_service: true, app_metadata: { role: 'service_role' } }));
    const { status, json } = await callRpc(served.url, 'get_webhook_statistics', { p_webhook_id }, { bearer: theirs });
    expect([status, json]).toEqual([400, expect.objectContaining({ code: 'HK002', details: 'webhook_not_found' })]);
  });

  it('have no rights as anon, also with a sub', async () => {
    for (const bearer of [undefined, await sign({ role: 'anon', exp: inSeconds(60), sub: randomUUID() })]) {
      const { status, json, headers } = await callRpc(
        served.url,
        'create_webhook',
        WEBHOOK,
        bearer === undefined ? {} : { bearer },
      );
      expect([status, json]).toEqual([
        401,
        expect.objectContaining({ code: '42501', message: 'permission denied for function create_webhook' }),
      ]);
      expect(headers.get('www-authenticate')).toBe('Bearer realm="hookline"');
    }
  });

  it('may not trigger; the service may, by its key and by its token', async () => {
    const event = { p_event_type: 'video.generated', p_payload: {} };
    const service = await sign({ role: 'service_role', iss: 'supabase', exp: inSeconds(60) });
    for (const bearer of [SERVICE_KEY, service]) {
      expect((await callRpc(served.url, 'trigger_webhook_event', event, { bearer })).status).toBe(200);
    }
    const bearer = await sign(userClaims(randomUUID()));
    const { status, json } = await callRpc(served.url, 'trigger_webhook_event', event, { bearer });
    expect([status, json]).toEqual([403, expect.objectContaining({ code: '42501' })]);
  });

  it('are unknown at once when they are erased', async () => {
    const sub = randomUUID();
    const authorization = `Bearer ${await sign(userClaims(sub))}`;
    await create(sub);
    await fetch(`${served.url}/v1/webhooks`, { headers: { authorization } });
    await asService(ctx.db(), (tx) => tx.query('SELECT * FROM hookline.erase_user($1::uuid)', [sub]));
    const { status, json } = await create(sub);
    expect([status, json]).toEqual([401, expect.objectContaining(UNKNOWN)]);
    const webhook = await fetch(`${served.url}/v1/webhooks`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'test', url: 'https://example.com/hook' }),
    });
    expect([webhook.status, await webhook.json()]).toEqual([
      401,
      expect.objectContaining({ code: 'token_user_unknown' }),
    ]);
  });
});
