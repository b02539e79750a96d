import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/db/database.js';
import { asService } from '../../src/db/roles.js';
import { createUser, openTestDatabase, type TestDatabase } from '../harness/databases.js';
import { createWebhook } from '../harness/delivering.js';
import { SERVICE_KEY, serveApi } from './api-client.js';
import { openApiOf } from './api-contract.js';
import { inSeconds, JWT_SECRET, sign, userClaims } from './api-tokens.js';

describe('refusals of tokens', () => {
  let database: TestDatabase;
  let served: Awaited<ReturnType<typeof serveApi>>;
  let user: string;
  beforeAll(async () => {
    database = await openTestDatabase('postgres');
    served = await serveApi(database.db, { jwtSecret: JWT_SECRET, jwtIssuer: 'https://auth.example.com' });
    user = await createUser(database.db);
  });
  afterAll(async () => {
    await served.app.close();
    await database.drop();
  });

  const good = () => ({ ...userClaims(user), iss: 'https://auth.example.com' });
  const apiKey = async (change?: string) => {
    const { rows } = await asService(database.db, (tx) =>
      tx.query<{ id: string; token: string }>(
        "SELECT token_id::text AS id, token FROM hookline.create_access_token('api_key', $1::uuid, 'n', 'read', NULL)",
        [user],
      ),
    );
    const { id, token } = rows[0] ?? { id: '', token: '' };
    if (change !== undefined) {
      await database.db.query(`UPDATE hookline.access_tokens SET ${change} WHERE id = $1::uuid`, [id]);
    }
    return token;
  };
  async function ask(url: string, method: string, path: string, bearer: string) {
    const isExchange = method === 'POST' && path === '/v1/session';
    const response = await fetch(url + path, {
      method,
      headers: isExchange ? { 'content-type': 'application/json' } : { authorization: `Bearer ${bearer}` },
      ...(isExchange && { body: JSON.stringify({ token: bearer }) }),
    });
    const isProblem = response.headers.get('content-type')?.startsWith('application/problem+json') === true;
    const { code } = isProblem ? ((await response.json()) as { code: string }) : { code: '' };
    if (!isProblem) await response.body?.cancel();
    return { status: response.status, code, retryAfter: response.headers.get('retry-after') };
  }
  /** Every operation under /v1 with its answers as the document describes them. */
  async function documented() {
    const { paths } = await openApiOf(served.url);
    return Object.entries(paths).flatMap(([path, item]) =>
      Object.entries(item).flatMap(([method, { responses }]) => {
        const described = responses as Readonly<Record<string, { readonly description?: string }>>;
        const of = (status: number) => described[status]?.description ?? '';
        const concrete = path.replaceAll(/\{\w+\}/g, randomUUID());
        return path.startsWith('/v1/')
          ? [{ at: `${method} ${path}`, method: method.toUpperCase(), path: concrete, of }]
          : [];
      }),
    );
  }

  it.each<[string, () => Promise<string>]>([
    ['malformed_token', async () => 'a.b.c'],
    ['invalid_token', () => sign(good(), 'another-jwt-secret-of-32-characters')],
    ['token_expired', () => sign({ ...good(), exp: inSeconds(-60) })],
    ['token_not_active', () => sign({ ...good(), nbf: inSeconds(600) })],
    ['invalid_token_issuer', () => sign({ ...good(), iss: 'https://elsewhere.example.com' })],
    ['invalid_token_audience', () => sign({ ...good(), aud: 'another' })],
    ['invalid_token_role', () => sign({ ...good(), role: 'admin' })],
    ['invalid_token_subject', () => sign({ ...good(), sub: '' })],
    ['unknown_token', async () => `hk_${'A'.repeat(43)}`],
    ['token_revoked', () => apiKey('revoked_at = now()')],
    ['token_expired', () => apiKey('expires_at = now()')],
  ])('%s is a 401 that the document names for each route', async (code, token) => {
    const bearer = await token();
    // Signing out needs no token.
    const operations = (await documented()).filter(({ at }) => at !== 'delete /v1/session');
    expect(operations.length).toBeGreaterThan(30);
    for (const { at, method, path, of } of operations) {
      const answer = await ask(served.url, method, path, bearer);
      expect([at, answer]).toEqual([at, { status: 401, code, retryAfter: null }]);
      expect([at, of(401)]).toEqual([at, expect.stringContaining(`\`${code}\``)]);
    }
  });

  it.each<[string, 401 | 503]>([
    ['token_user_unknown', 401],
    ['jwks_unavailable', 503],
    ['token_keys_not_set', 503],
    ['database_unavailable', 503],
    ['shutting_down', 503],
  ])('%s is named for each route', async (code, status) => {
    for (const { at, of } of await documented()) {
      expect([at, of(status)]).toEqual([at, expect.stringContaining(`\`${code}\``)]);
    }
  });

  it('service_key_not_set is named wherever a key gets it', async () => {
    const without = await serveApi(database.db, { serviceKey: undefined });
    const bearer = await apiKey();
    const refused: string[] = [];
    for (const { at, method, path, of } of await documented()) {
      const { status, code, retryAfter } = await ask(without.url, method, path, bearer);
      if (status !== 503) continue;
      refused.push(at);
      // It does not mend itself.
      expect([code, retryAfter]).toEqual(['service_key_not_set', null]);
      expect([at, of(503)]).toEqual([at, expect.stringContaining('`service_key_not_set`')]);
    }
    await without.app.close();
    expect(refused).toEqual(expect.arrayContaining(['post /v1/events', 'get /v1/portal-tokens']));
  });

  it('a NUL in what lists are filtered by is a refusal that the document names', async () => {
    const filters = [
      ['get /v1/webhooks', 'event_type', user],
      ['get /v1/webhooks', 'external_user_id', SERVICE_KEY],
      ['get /v1/deliveries', 'external_user_id', SERVICE_KEY],
      ['get /v1/api-keys', 'external_user_id', SERVICE_KEY],
      ['get /v1/portal-tokens', 'external_user_id', SERVICE_KEY],
    ] as const;
    const operations = await documented();
    for (const [operation, filter, caller] of filters) {
      const { path, of } = operations.find(({ at }) => at === operation) ?? { path: '', of: () => '' };
      const bearer = caller === user ? await sign(good()) : caller;
      const { status, code } = await ask(served.url, 'GET', `${path}?${filter}=%00`, bearer);
      expect([operation, filter, status, code]).toEqual([operation, filter, 422, 'not_storable']);
      expect([operation, of(422)]).toEqual([operation, expect.stringContaining('`not_storable`')]);
    }
  });
});

describe('Retry-After', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase('postgres');
  });
  afterAll(() => database.drop());
  async function answerOf(options: Parameters<typeof serveApi>[1], bearer: string, db: Database = database.db) {
    const { app, url } = await serveApi(db, options);
    const response = await fetch(`${url}/v1/portal-tokens`, { headers: { authorization: `Bearer ${bearer}` } });
    const { code } = (await response.json()) as { code: string };
    await app.close();
    return [response.status, code, response.headers.get('retry-after')];
  }

  it('comes with what passes by itself, not with what an operator has to set', async () => {
    const token = await sign(userClaims(randomUUID()));
    const away: Database = {
      ...database.db,
      transaction: () => Promise.reject(Object.assign(new Error('away'), { code: 'ECONNREFUSED' })),
    };
    expect(await answerOf({}, SERVICE_KEY, away)).toEqual([503, 'database_unavailable', '5']);
    expect(await answerOf({}, token)).toEqual([503, 'token_keys_not_set', null]);
  });

  it('says when a webhook takes the next test event', async () => {
    const { id, userId } = await createWebhook(database.db, 'https://example.com/hook');
    const { app, url } = await serveApi(database.db, { jwtSecret: JWT_SECRET });
    const authorization = `Bearer ${await sign(userClaims(userId))}`;
    const test = () => fetch(`${url}/v1/webhooks/${id}/test`, { method: 'POST', headers: { authorization } });
    expect((await test()).status).toBe(202);
    // However slow this machine is, the second is not over.
    const later = "UPDATE hookline.endpoints SET tested_at = now() + interval '1 minute' WHERE webhook_id = $1::uuid";
    await database.db.query(later, [id]);
    const refused = await test();
    expect([refused.status, (await refused.json()).code, refused.headers.get('retry-after')]).toEqual([
      429,
      'test_too_soon',
      '1',
    ]);
    await app.close();
  });
});
