import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createUser, describeOnPostgres } from '../harness/databases.js';
import { SERVICE_KEY, serveApi } from './api-client.js';
import { type ContractCall, contract } from './api-contract.js';
import { JWT_SECRET, sign, userClaims } from './api-tokens.js';

interface Made {
  readonly id: string;
  readonly user_id: string;
  readonly prefix: string;
  readonly expires_at: string | null;
  readonly created_at: string;
  readonly key: string;
  readonly token: string;
  readonly dashboard_path: string;
}

interface Listed {
  readonly data: readonly { readonly id: string; readonly user_id: string; readonly revoked_at: string | null }[];
  readonly next_cursor: string | null;
}

describeOnPostgres('API keys and portal tokens', (ctx) => {
  let served: Awaited<ReturnType<typeof serveApi>>;
  let call: ContractCall;
  beforeAll(async () => {
    served = await serveApi(ctx.db(), { jwtSecret: JWT_SECRET });
    call = await contract(served.url);
  });
  afterAll(() => served.app.close());
  const user = async () => {
    const id = randomUUID();
    return { id, bearer: await sign(userClaims(id)) };
  };
  const makeKey = (bearer: string, body: object = {}) =>
    call<Made>('POST', '/v1/api-keys', { bearer, body: { name: 'ci', access: 'write', ...body } });
  const makeToken = (body: object) => call<Made>('POST', '/v1/portal-tokens', { bearer: SERVICE_KEY, body });
  const lifetime = ({ created_at, expires_at }: Made) => (Date.parse(expires_at ?? '') - Date.parse(created_at)) / 1000;

  it('a signed-in user makes, lists, reads and revokes their own; the key is shown once', async () => {
    const { id, bearer } = await user();
    const made = await makeKey(bearer, { name: 'Deploy – é', expires_in_seconds: 3600 });
    expect([made.status, made.headers.get('cache-control')]).toEqual([201, 'no-store']);
    const { key, ...shown } = made.body;
    expect(made.headers.get('location')).toBe(`/v1/api-keys/${shown.id}`);
    expect(key).toMatch(/^hk_[\w-]{43}$/);
    expect(Buffer.from(key.slice(3), 'base64url')).toHaveLength(32);
    expect(shown).toMatchObject({
      user_id: id,
      name: 'Deploy – é',
      access: 'write',
      last_used_at: null,
      revoked_at: null,
    });
    expect(key.startsWith(shown.prefix) && shown.prefix.length).toBe(9);
    expect(lifetime(made.body)).toBe(3600);

    const listed = await call<Listed>('GET', '/v1/api-keys', { bearer });
    expect(listed.body).toEqual({ data: [shown], next_cursor: null });
    expect((await call('GET', `/v1/api-keys/${shown.id}`, { bearer })).body).toEqual(shown);
    for (let times = 0; times < 2; times += 1) {
      expect((await call('DELETE', `/v1/api-keys/${shown.id}`, { bearer })).status).toBe(204);
    }
    const revoked = await call<Listed>('GET', '/v1/api-keys', { bearer });
    expect(revoked.body.data).toEqual([{ ...shown, revoked_at: expect.any(String) }]);
  });

  it('only their SHA-256 is kept', async () => {
    const { id, bearer } = await user();
    const { key } = (await makeKey(bearer)).body;
    const { token } = (await makeToken({ user_id: id, access: 'read' })).body;
    const { rows } = await ctx
      .db()
      .query<{ hash: string; row: string }>(
        "SELECT encode(hash, 'hex') AS hash, t::text AS row FROM hookline.access_tokens t WHERE user_id = $1::uuid",
        [id],
      );
    const hashes = [key, token].map((secret) => createHash('sha256').update(secret).digest('hex'));
    expect(rows.map(({ hash }) => hash).sort()).toEqual(hashes.sort());
    for (const { row } of rows)
      expect([row.includes(key.slice(10)), row.includes(token.slice(11))]).toEqual([false, false]);
  });

  it('those of somebody else are as those that do not exist', async () => {
    const [mine, other] = [await user(), await user()];
    const { id } = (await makeKey(mine.bearer)).body;
    for (const [method, at] of [
      ['GET', id],
      ['DELETE', id],
      ['GET', randomUUID()],
      ['DELETE', randomUUID()],
    ] as const) {
      const { status, body } = await call(method, `/v1/api-keys/${at}`, { bearer: other.bearer });
      expect([status, body['code'], body['detail']]).toEqual([
        404,
        'access_token_not_found',
        'There is no such API key or portal token, or it is not yours.',
      ]);
    }
    expect((await call<Listed>('GET', '/v1/api-keys', { bearer: other.bearer })).body.data).toEqual([]);
    expect((await call<Listed>('GET', '/v1/api-keys', { bearer: mine.bearer })).body.data[0]?.revoked_at).toBeNull();
  });

  it('users name nobody, nor themselves', async () => {
    const { id, bearer } = await user();
    await makeKey(bearer);
    for (const named of [{ user_id: id }, { user_id: randomUUID() }, { external_user_id: 'x' }]) {
      const { status, body } = await makeKey(bearer, named);
      expect([status, body]).toEqual([403, expect.objectContaining({ code: 'forbidden' })]);
      const query = new URLSearchParams(named).toString();
      expect((await call('GET', `/v1/api-keys?${query}`, { bearer })).status).toBe(403);
    }
  });

  it('the service makes, lists and revokes those of anybody, named by either id', async () => {
    const id = await createUser(ctx.db());
    await ctx.db().query("INSERT INTO hookline.users (user_id, external_user_id) VALUES ($1::uuid, 'crm|7')", [id]);
    const bearer = SERVICE_KEY;
    const [first, second] = [
      await makeKey(bearer, { user_id: id }),
      await makeKey(bearer, { external_user_id: 'crm|7' }),
    ];
    expect([first.body.user_id, second.body.user_id]).toEqual([id, id]);
    const ids = (answer: { body: Listed }) => answer.body.data.map((key) => key.id);
    const newestFirst = [second.body.id, first.body.id];
    expect(ids(await call('GET', `/v1/api-keys?user_id=${id}`, { bearer }))).toEqual(newestFirst);
    expect(ids(await call('GET', '/v1/api-keys?external_user_id=crm%7C7', { bearer }))).toEqual(newestFirst);
    expect(ids(await call('GET', '/v1/api-keys?limit=100', { bearer }))).toEqual(expect.arrayContaining(newestFirst));
    expect((await call('DELETE', `/v1/api-keys/${first.body.id}`, { bearer })).status).toBe(204);

    expect((await makeKey(bearer)).body).toMatchObject({ code: 'invalid_request' });
    expect((await makeKey(bearer, { user_id: id, external_user_id: 'crm|7' })).body).toMatchObject({
      code: 'invalid_request',
    });
    expect((await makeKey(bearer, { user_id: randomUUID() })).body).toMatchObject({ code: 'unknown_user' });
    expect((await makeKey(bearer, { external_user_id: 'crm|8' })).body).toMatchObject({ code: 'unknown_user' });
  });

  it('a portal token makes the user whom nobody has seen before, once', async () => {
    const external_user_id = `new|${randomUUID()}`;
    const made = await Promise.all([1, 2, 3].map(() => makeToken({ external_user_id, access: 'write' })));
    expect(made.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(new Set(made.map(({ body }) => body.user_id)).size).toBe(1);
    const bearer = made[0]?.body.token ?? '';
    const hook = await call<{ user_id: string }>('POST', '/v1/webhooks', {
      bearer,
      body: { name: 'theirs', url: 'http://127.0.0.1:9/never-called' },
    });
    expect([hook.status, hook.body.user_id]).toEqual([201, made[0]?.body.user_id]);
    const id = randomUUID();
    expect((await makeToken({ user_id: id, access: 'read' })).body.user_id).toBe(id);
  });

  it('what ended is kept to the last hundred of a user', async () => {
    const { id, bearer } = await user();
    await makeKey(bearer);
    await ctx.db().query(
      `INSERT INTO hookline.access_tokens (user_id, kind, name, prefix, hash, access, revoked_at)
       SELECT $1::uuid, 'api_key', 'old ' || n, 'hk_', sha256(convert_to($1::text || n, 'UTF8')), 'read', now() - n * interval '1 minute' FROM generate_series(1, 150) n`,
      [id],
    );
    await makeKey(bearer);
    const { rows } = await ctx
      .db()
      .query<{ name: string }>(
        "SELECT name FROM hookline.access_tokens WHERE user_id = $1::uuid AND name LIKE 'old %' ORDER BY revoked_at DESC",
        [id],
      );
    expect(rows.map(({ name }) => name)).toEqual(Array.from({ length: 100 }, (_, n) => `old ${n + 1}`));
  });

  it('portal tokens are the service’s to make, list and revoke', async () => {
    const { id, bearer } = await user();
    await makeKey(bearer);
    const made = await makeToken({ user_id: id, access: 'write', name: 'support' });
    expect([made.status, lifetime(made.body)]).toEqual([201, 3600]);
    expect(made.body.token).toMatch(/^hkp_[\w-]{43}$/);
    expect(made.body.dashboard_path).toBe(`/#token=${made.body.token}`);
    expect(lifetime((await makeToken({ user_id: id, access: 'read', expires_in_seconds: 60 })).body)).toBe(60);
    for (const expires_in_seconds of [59, 86_401, 60.5, '60', null]) {
      expect((await makeToken({ user_id: id, access: 'read', expires_in_seconds })).status).toBe(400);
    }
    expect((await makeToken({ access: 'read' })).body).toMatchObject({ code: 'invalid_request' });
    expect((await makeToken({ user_id: id })).body).toMatchObject({ code: 'invalid_request' });

    const path = `/v1/portal-tokens/${made.body.id}`;
    for (const [method, at] of [
      ['POST', '/v1/portal-tokens'],
      ['GET', '/v1/portal-tokens'],
      ['GET', path],
      ['DELETE', path],
    ] as const) {
      const body = method === 'POST' ? { body: { user_id: id, access: 'read' } } : {};
      expect((await call(method, at, { bearer, ...body })).body).toMatchObject({ code: 'forbidden' });
    }
    const listed = await call<Listed>('GET', `/v1/portal-tokens?user_id=${id}`, { bearer: SERVICE_KEY });
    expect(listed.body.data).toHaveLength(2);
    const read = (await call('GET', path, { bearer: SERVICE_KEY })).body;
    expect(Object.keys(read).filter((name) => name === 'token' || name === 'dashboard_path')).toEqual([]);
    expect((await call('DELETE', path, { bearer: SERVICE_KEY })).status).toBe(204);
    expect((await call('GET', path, { bearer: SERVICE_KEY })).body['revoked_at']).toEqual(expect.any(String));
    // One kind is not to be had by the path of the other.
    expect((await call('DELETE', `/v1/api-keys/${made.body.id}`, { bearer: SERVICE_KEY })).status).toBe(404);
  });

  it('lists go on page by page', async () => {
    const { bearer } = await user();
    const made: string[] = [];
    for (let n = 0; n < 5; n += 1) made.unshift((await makeKey(bearer)).body.id);
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const query: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const { body } = await call<Listed>('GET', `/v1/api-keys?limit=2${query}`, { bearer });
      seen.push(...body.data.map(({ id }) => id));
      cursor = body.next_cursor;
    }
    expect(seen).toEqual(made);
  });

  it('a key or token makes and revokes no keys, over whatever way', async () => {
    const { id, bearer } = await user();
    const { id: victim, key } = (await makeKey(bearer)).body;
    const { token } = (await makeToken({ user_id: id, access: 'write' })).body;
    const rpc = (name: string, credential: string, body: object) =>
      fetch(`${served.url}/rest/v1/rpc/${name}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${credential}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }).then((response) => response.json());
    for (const credential of [key, token]) {
      expect((await makeKey(credential)).body).toMatchObject({ status: 403, code: 'sign_in_required' });
      const revoked = await call('DELETE', `/v1/api-keys/${victim}`, { bearer: credential });
      expect(revoked.body).toMatchObject({ status: 403, code: 'sign_in_required' });
      expect(await rpc('create_webhook_api_key', credential, { p_name: 'n', p_access: 'write' })).toMatchObject({
        code: 'HK016',
      });
      expect(await rpc('revoke_webhook_access_token', credential, { p_token_id: victim })).toMatchObject({
        code: 'HK016',
      });
      expect((await call<Listed>('GET', '/v1/api-keys', { bearer: credential })).body.data[0]?.revoked_at).toBeNull();
    }
    const [{ api_key: another } = { api_key: '' }] = await rpc('create_webhook_api_key', bearer, {
      p_name: 'n',
      p_access: 'read',
    });
    expect(another).toMatch(/^hk_[\w-]{43}$/);
  });

  it('a user’s live keys are bounded, also for calls at once; the operator sets how many', async () => {
    const { bearer } = await user();
    await makeKey(bearer, { expires_in_seconds: 60 });
    await ctx.db().query('UPDATE hookline.settings SET api_keys_per_user = 3');
    try {
      const made = await Promise.all(Array.from({ length: 6 }, () => makeKey(bearer)));
      expect(made.filter(({ status }) => status === 201)).toHaveLength(2);
      const refused = made.filter(({ status }) => status !== 201);
      for (const { body } of refused) expect(body).toMatchObject({ status: 409, code: 'api_key_quota_reached' });
      const [one] = made.filter(({ status }) => status === 201);
      await call('DELETE', `/v1/api-keys/${one?.body.id}`, { bearer });
      expect((await makeKey(bearer)).status).toBe(201);
      // One that has expired takes no place, either.
      await ctx.db().query('UPDATE hookline.access_tokens SET expires_at = now() WHERE expires_at > now()');
      expect((await makeKey(bearer)).status).toBe(201);
      expect((await makeKey(bearer)).status).toBe(409);
    } finally {
      await ctx.db().query('UPDATE hookline.settings SET api_keys_per_user = 50');
    }
  });

  it('what ended long ago is removed when the user’s next one is made', async () => {
    const { id, bearer } = await user();
    const old = (await makeKey(bearer)).body.id;
    const recent = (await makeKey(bearer)).body.id;
    const visit = (await makeToken({ user_id: id, access: 'read' })).body.id;
    const set = 'UPDATE hookline.access_tokens SET';
    await ctx.db().query(`${set} revoked_at = now() - interval '31 days' WHERE id = $1::uuid`, [old]);
    await ctx.db().query(`${set} revoked_at = now() - interval '29 days' WHERE id = $1::uuid`, [recent]);
    await ctx.db().query(`${set} expires_at = now() - interval '25 hours' WHERE id = $1::uuid`, [visit]);
    const next = (await makeKey(bearer)).body.id;
    const later = (await makeToken({ user_id: id, access: 'read' })).body.id;
    const left = await ctx
      .db()
      .query<{ id: string }>('SELECT id::text AS id FROM hookline.access_tokens WHERE user_id = $1::uuid', [id]);
    expect(left.rows.map((row) => row.id).sort()).toEqual([recent, next, later].sort());
  });

  it.each([
    ['name', { name: '' }],
    ['name', { name: 'x'.repeat(256) }],
    ['name', { name: null }],
    ['access', { access: 'admin' }],
    ['access', { access: undefined }],
    ['expires_in_seconds', { expires_in_seconds: 59 }],
    ['expires_in_seconds', { expires_in_seconds: 1e12 }],
    ['scope', { scope: 'all' }],
  ])('are refused with a wrong %s: %j', async (member, body) => {
    const { bearer } = await user();
    const refused = await makeKey(bearer, body);
    expect([refused.status, refused.body]).toEqual([400, expect.objectContaining({ code: 'invalid_request' })]);
    expect(JSON.stringify(refused.body)).toContain(member);
  });
});
