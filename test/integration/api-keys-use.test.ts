import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createAccessTokens } from '../../src/api/auth/access-tokens.js';
import type { Database, Statement } from '../../src/db/database.js';
import { asService } from '../../src/db/roles.js';
import { captureLog } from '../harness/captured-log.js';
import { createUser, describeOnPostgres } from '../harness/databases.js';
import { silent } from '../harness/delivering.js';
import { waitUntil } from '../harness/wait-until.js';
import { callRpc, SERVICE_KEY, serveApi } from './api-client.js';

const WEBHOOK = { p_name: 'test', p_url: 'https://example.com/hook' };

describeOnPostgres('the use of API keys and portal tokens', (ctx) => {
  const captured = captureLog();
  let served: Awaited<ReturnType<typeof serveApi>>;
  let other: Awaited<ReturnType<typeof serveApi>>;
  const secrets: string[] = [];
  beforeAll(async () => {
    served = await serveApi(ctx.db(), { log: captured.log });
    // Another process on the same database; neither has keys for JWTs, which these do not need.
    other = await serveApi(ctx.db());
  });
  afterAll(async () => {
    await served.app.close();
    await other.app.close();
  });

  async function make(kind: 'api_key' | 'portal_token', access: 'read' | 'write' = 'write', userId?: string) {
    const owner = userId ?? (await createUser(ctx.db()));
    const { rows } = await asService(ctx.db(), (tx) =>
      tx.query<{ id: string; token: string }>(
        "SELECT token_id::text AS id, token FROM hookline.create_access_token($1, $2::uuid, 'n', $3, '1 hour')",
        [kind, owner, access],
      ),
    );
    const { id, token } = rows[0] ?? { id: '', token: '' };
    secrets.push(token);
    return { id, token, owner };
  }
  const ask = async (bearer: string, { url } = served) => {
    const response = await fetch(`${url}/v1/api-keys`, { headers: { authorization: `Bearer ${bearer}` } });
    const body: Record<string, unknown> = JSON.parse(await response.text());
    return { status: response.status, code: body['code'] };
  };
  const set = (id: string, change: string) =>
    ctx.db().query(`UPDATE hookline.access_tokens SET ${change} WHERE id = $1::uuid`, [id]);
  const lastUse = async (id: string) => {
    const sql = 'SELECT last_used_at::text AS at FROM hookline.access_tokens WHERE id = $1::uuid';
    return (await ctx.db().query<{ at: string | null }>(sql, [id])).rows[0]?.at ?? null;
  };

  it.each(['api_key', 'portal_token'] as const)('%s acts as its user, and as nobody else', async (kind) => {
    const mine = await make(kind);
    const theirs = await make(kind);
    const made = await callRpc(served.url, 'create_webhook', WEBHOOK, { bearer: mine.token });
    expect(made.status).toBe(200);
    const [{ webhook_id: id }] = made.json as [{ webhook_id: string }];
    const { rows } = await ctx.db().query('SELECT user_id::text AS owner FROM webhooks WHERE id = $1::uuid', [id]);
    expect(rows).toEqual([{ owner: mine.owner }]);
    const statistics = { p_webhook_id: id };
    expect((await callRpc(served.url, 'get_webhook_statistics', statistics, { bearer: mine.token })).status).toBe(200);
    const refused = await callRpc(served.url, 'get_webhook_statistics', statistics, { bearer: theirs.token });
    expect(refused.json).toMatchObject({ code: 'HK002', details: 'webhook_not_found' });
    // What is the service's alone is refused as to any user.
    const event = { p_event_type: 'video.generated', p_payload: {} };
    const trigger = await callRpc(served.url, 'trigger_webhook_event', event, { bearer: mine.token });
    expect([trigger.status, trigger.json]).toEqual([403, expect.objectContaining({ code: '42501' })]);
    const headers = { authorization: `Bearer ${mine.token}`, 'content-type': 'application/json' };
    const posted = await fetch(`${served.url}/v1/events`, { method: 'POST', headers, body: '{}' });
    expect([posted.status, await posted.json()]).toEqual([403, expect.objectContaining({ code: 'forbidden' })]);
  });

  it('what was never given out is unknown, whatever its form', async () => {
    const { token } = await make('api_key');
    const wrong = [
      `hk_${'A'.repeat(43)}`,
      `hkp_${token.slice(3)}`,
      token.slice(0, -1),
      `${token}A`,
      `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`,
      token.toUpperCase().replace('HK_', 'hk_'),
      `hk_${'/'.repeat(43)}`,
      `hk_${'='.repeat(43)}`,
      'hk_',
      'hkp_',
      `hk_${'A'.repeat(8_000)}`,
      `hk_${token.slice(3)}.a.b`,
    ];
    for (const bearer of wrong)
      expect([bearer, await ask(bearer)]).toEqual([bearer, { status: 401, code: 'unknown_token' }]);
    const { status, json, headers } = await callRpc(served.url, 'create_webhook', WEBHOOK, { bearer: wrong[0] ?? '' });
    expect([status, json]).toEqual([401, expect.objectContaining({ code: 'PGRST301', details: 'unknown_token' })]);
    expect(headers.get('www-authenticate')).toMatch(/^Bearer /);
    // The prefix is no user's: this is neither a JWT nor one of ours.
    expect((await ask(token.slice(3))).code).toBe('malformed_token');
    expect(await ask(token)).toMatchObject({ status: 200 });
  });

  it.each(['api_key', 'portal_token'] as const)('%s that has expired is refused', async (kind) => {
    const { id, token } = await make(kind);
    await set(id, 'expires_at = now()');
    expect(await ask(token)).toEqual({ status: 401, code: 'token_expired' });
    const { json } = await callRpc(served.url, 'create_webhook', WEBHOOK, { bearer: token });
    expect(json).toMatchObject({ code: 'PGRST303', details: 'token_expired' });
  });

  it('in every process one that is revoked, or expires, ends within seconds of its last use', async () => {
    const [revoked, expired] = [await make('api_key'), await make('portal_token')];
    for (const { token } of [revoked, expired]) {
      for (const server of [served, other]) expect((await ask(token, server)).status).toBe(200);
    }
    const path = `/v1/api-keys/${revoked.id}`;
    const authorization = `Bearer ${SERVICE_KEY}`;
    expect((await fetch(served.url + path, { method: 'DELETE', headers: { authorization } })).status).toBe(204);
    await set(expired.id, 'expires_at = now()');
    for (const server of [served, other]) {
      const ended = async () =>
        (await ask(revoked.token, server)).code === 'token_revoked' &&
        (await ask(expired.token, server)).code === 'token_expired';
      await waitUntil(ended, { message: 'the tokens to end', timeoutMs: 5_000 });
    }
    expect(await ask(revoked.token)).toEqual({ status: 401, code: 'token_revoked' });
  });

  it('when it was last used is written down, at most once a minute', async () => {
    const { id, token } = await make('api_key');
    expect(await lastUse(id)).toBeNull();
    await ask(token);
    const first = await waitUntil(() => lastUse(id), { message: 'the use to be written down' });
    // A server that has not seen the token yet looks it up again, as after a restart.
    const again = async () => {
      const fresh = await serveApi(ctx.db());
      await ask(token, fresh);
      await fresh.app.close();
      return lastUse(id);
    };
    expect(await again()).toBe(first);
    await set(id, "last_used_at = now() - interval '61 seconds'");
    const later = await again();
    expect(Date.parse(later ?? '')).toBeGreaterThan(Date.now() - 30_000);
  });

  it('the request does not wait for that, nor fail with it', async () => {
    const { id, token } = await make('api_key');
    await ctx.db().query('REVOKE UPDATE (last_used_at) ON hookline.access_tokens FROM service_role');
    try {
      expect((await ask(token)).status).toBe(200);
      await waitUntil(() => captured.lines('access_token.use_not_recorded').length > 0, { message: 'the warning' });
    } finally {
      await ctx.db().query('GRANT UPDATE (last_used_at) ON hookline.access_tokens TO service_role');
    }
    expect(captured.lines('access_token.use_not_recorded')).toMatchObject([{ level: 'warn', id }]);
  });

  it('what is refused is no use', async () => {
    const { id, token } = await make('api_key');
    await set(id, 'revoked_at = now()');
    const fresh = await serveApi(ctx.db());
    expect(await ask(token, fresh)).toEqual({ status: 401, code: 'token_revoked' });
    await fresh.app.close();
    expect(await lastUse(id)).toBeNull();
  });

  it('uses that are being written down are waited for at the end', async () => {
    const { id, token } = await make('portal_token');
    let goOn = (): void => undefined;
    const isLetOn = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const slow: Database = {
      ...ctx.db(),
      async atOnce<Row>(...statements: readonly Statement[]) {
        if (statements.some(([text]) => text.includes('SET last_used_at'))) await isLetOn;
        return ctx.db().atOnce<Row>(...statements);
      },
    };
    const tokens = createAccessTokens(slow, silent);
    await tokens.callerOf(token);
    let isSettled = false;
    const settled = tokens.settled().then(() => {
      isSettled = true;
    });
    await setImmediate();
    expect(isSettled).toBe(false);
    goOn();
    await settled;
    expect(await lastUse(id)).not.toBeNull();
  });

  it('those of a user who is erased are gone, and the user does not come back', async () => {
    const { token, owner } = await make('api_key');
    expect((await ask(token)).status).toBe(200);
    await asService(ctx.db(), (tx) => tx.query('SELECT FROM hookline.erase_user($1::uuid)', [owner]));
    const fresh = await serveApi(ctx.db());
    expect(await ask(token, fresh)).toEqual({ status: 401, code: 'unknown_token' });
    await fresh.app.close();
    await callRpc(served.url, 'create_webhook', WEBHOOK, { bearer: token });
    const { rowCount } = await ctx.db().query('SELECT FROM auth.users WHERE id = $1::uuid', [owner]);
    expect(rowCount).toBe(0);
  });

  it('many are told apart', async () => {
    const owners = new Map<string, string>();
    await ctx.db().query('INSERT INTO auth.users SELECT FROM generate_series(1, 300)');
    const { rows } = await asService(ctx.db(), (tx) =>
      tx.query<{ token: string; owner: string }>(
        `SELECT c.token, u.id::text AS owner FROM auth.users u, LATERAL hookline.create_access_token('api_key', u.id, 'n', 'read', NULL) c`,
      ),
    );
    for (const { token, owner } of rows) owners.set(token, owner);
    expect(owners.size).toBe(rows.length);
    expect(rows.length).toBeGreaterThan(300);
    const some = rows.filter((_, index) => index % 10 === 0);
    const whose = await Promise.all(
      some.map(async ({ token }) => {
        const headers = { authorization: `Bearer ${token}` };
        const response = await fetch(`${served.url}/v1/api-keys?limit=1`, { headers });
        const body: { data: { user_id: string }[] } = JSON.parse(await response.text());
        return body.data[0]?.user_id;
      }),
    );
    expect(whose).toEqual(some.map(({ owner }) => owner));
  });

  it('none stands in the log', () => {
    const log = JSON.stringify([captured.lines('request.completed'), captured.lines('request.failed')]);
    expect(log).toContain('/v1/api-keys');
    expect(log).toContain('unknown_token');
    expect(secrets.filter((secret) => log.includes(secret.slice(4)))).toEqual([]);
  });
});
