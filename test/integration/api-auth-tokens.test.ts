import { createHmac, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { captureLog } from '../harness/captured-log.js';
import { openTestDatabase, type TestDatabase } from '../harness/databases.js';
import { callRpc, SERVICE_KEY, serveApi } from './api-client.js';
import { forge, inSeconds, JWT_SECRET, sign, userClaims } from './api-tokens.js';

const WEBHOOK = { p_name: 'test', p_url: 'https://example.com/hook' };

describe('tokens under the shared secret', () => {
  let opened: TestDatabase;
  let served: Awaited<ReturnType<typeof serveApi>>;
  let withIssuer: Awaited<ReturnType<typeof serveApi>>;
  let withoutKeys: Awaited<ReturnType<typeof serveApi>>;
  const captured = captureLog();
  beforeAll(async () => {
    opened = await openTestDatabase('postgres');
    served = await serveApi(opened.db, { jwtSecret: JWT_SECRET, log: captured.log });
    withIssuer = await serveApi(opened.db, { jwtSecret: JWT_SECRET, jwtIssuer: 'https://auth.example.com' });
    withoutKeys = await serveApi(opened.db);
  });
  afterAll(async () => {
    await Promise.all([served, withIssuer, withoutKeys].map(({ app }) => app.close()));
    await opened.drop();
  });
  const create = (bearer: string, url = served.url) => callRpc(url, 'create_webhook', WEBHOOK, { bearer });
  const sub = randomUUID();

  it.each<[string, () => Promise<string>]>([
    ['of a user', () => sign(userClaims(sub))],
    ['with several audiences', () => sign(userClaims(sub, { aud: ['other', 'authenticated'] }))],
    ['that expired within the tolerance', () => sign(userClaims(sub, { exp: inSeconds(-10) }))],
    ['that begins within the tolerance', () => sign(userClaims(sub, { nbf: inSeconds(10) }))],
    ['with a sub of 255 characters', () => sign(userClaims('x'.repeat(255)))],
    ['whose claims hold a backslash before u0000', () => sign(userClaims(sub, { name: '\\u0000' }))],
  ])('take one %s', async (_what, token) => {
    const { status, json } = await create(await token());
    expect(json).toEqual([
      { webhook_id: expect.any(String), webhook_secret: expect.any(String), subscribed_events: [] },
    ]);
    expect(status).toBe(200);
  });

  it.each<[string, string, string, () => string | Promise<string>]>([
    ['a word', 'malformed_token', 'PGRST301', () => 'word'],
    ['three words', 'malformed_token', 'PGRST301', () => 'a.b.c'],
    ['the service key and more', 'malformed_token', 'PGRST301', () => `${SERVICE_KEY}x`],
    ['an encrypted token', 'malformed_token', 'PGRST301', () => 'e30.e30.e30.e30.e30'],
    ['9 kB', 'malformed_token', 'PGRST301', () => sign(userClaims(sub, { name: 'x'.repeat(6_700) }))],
    ['claims that are no object', 'malformed_token', 'PGRST301', () => signed('[1]')],
    ['no exp', 'malformed_token', 'PGRST301', () => sign({ ...userClaims(sub), exp: undefined })],
    [
      'an exp that is text',
      'malformed_token',
      'PGRST301',
      () => signed(JSON.stringify({ ...userClaims(sub), exp: '9999999999' })),
    ],
    ['a NUL character', 'malformed_token', 'PGRST301', () => sign(userClaims('a\u0000'))],
    ['a lone surrogate', 'malformed_token', 'PGRST301', () => sign(userClaims(sub, { name: '\ud800' }))],
    ['alg none', 'invalid_token', 'PGRST301', () => forge({ alg: 'none' }, userClaims(sub))],
    ['alg None', 'invalid_token', 'PGRST301', () => forge({ alg: 'None' }, userClaims(sub))],
    ['no alg', 'invalid_token', 'PGRST301', () => forge({}, userClaims(sub))],
    ['no signature', 'invalid_token', 'PGRST301', () => forge({ alg: 'HS256' }, userClaims(sub))],
    ['alg HS512', 'invalid_token', 'PGRST301', () => forge({ alg: 'HS512' }, userClaims(sub), 'x'.repeat(86))],
    ['another key', 'invalid_token', 'PGRST301', () => sign(userClaims(sub), 'another-jwt-secret-of-32-characters')],
    ['changed claims', 'invalid_token', 'PGRST301', () => changed()],
    ['exp long ago', 'token_expired', 'PGRST303', () => sign(userClaims(sub, { exp: inSeconds(-31) }))],
    ['nbf to come', 'token_not_active', 'PGRST303', () => sign(userClaims(sub, { nbf: inSeconds(120) }))],
    ['another audience', 'invalid_token_audience', 'PGRST303', () => sign(userClaims(sub, { aud: 'other' }))],
    ['no audience', 'invalid_token_audience', 'PGRST303', () => sign({ ...userClaims(sub), aud: undefined })],
    ['no role', 'invalid_token_role', 'PGRST303', () => sign({ ...userClaims(sub), role: undefined })],
    ['the role of the owner', 'invalid_token_role', 'PGRST303', () => sign(userClaims(sub, { role: 'postgres' }))],
    [
      'a role that is a list',
      'invalid_token_role',
      'PGRST303',
      () => sign(userClaims(sub, { role: ['service_role'] })),
    ],
    ['no sub', 'invalid_token_subject', 'PGRST303', () => sign({ ...userClaims(sub), sub: undefined })],
    ['an empty sub', 'invalid_token_subject', 'PGRST303', () => sign(userClaims(''))],
    ['a sub of 256 characters', 'invalid_token_subject', 'PGRST303', () => sign(userClaims('x'.repeat(256)))],
    [
      'a service of another audience',
      'invalid_token_audience',
      'PGRST303',
      () => sign({ role: 'service_role', aud: 'x', exp: inSeconds(60) }),
    ],
    [
      'an anon of another audience',
      'invalid_token_audience',
      'PGRST303',
      () => sign({ role: 'anon', aud: 'x', exp: inSeconds(60) }),
    ],
  ])('are refused: %s', async (_what, reason, code, token) => {
    const bearer = await token();
    const { status, json, headers, text } = await create(bearer);
    expect([status, json]).toEqual([
      401,
      { code, message: expect.any(String), details: reason, hint: expect.toSatisfy(textOrNull) },
    ]);
    expect(headers.get('www-authenticate')).toContain('Bearer realm="hookline", error="invalid_token"');
    expect(text).not.toContain(bearer);
    expect(JSON.stringify(captured.lines('request.completed').at(-1))).not.toContain(bearer);
  });

  it('are refused with other words than Bearer, and never taken for nobody', async () => {
    for (const authorization of ['', 'Bearer', `Basic ${SERVICE_KEY}`, `Bearer ${SERVICE_KEY} more`]) {
      const { status, json } = await callRpc(served.url, 'create_webhook', WEBHOOK, { headers: { authorization } });
      expect([status, json]).toEqual([401, expect.objectContaining({ details: 'unauthorized' })]);
    }
  });

  it('come from the issuer that is set', async () => {
    const right = { iss: 'https://auth.example.com' };
    expect((await create(await sign(userClaims(sub, right)), withIssuer.url)).status).toBe(200);
    for (const wrong of [{}, { iss: 'https://auth.example.com/' }]) {
      const { status, json } = await create(await sign(userClaims(sub, wrong)), withIssuer.url);
      expect([status, json]).toEqual([401, expect.objectContaining({ details: 'invalid_token_issuer' })]);
    }
  });

  it('cannot be told while no key is set', async () => {
    const { status, json, headers } = await create(await sign(userClaims(sub)), withoutKeys.url);
    expect([status, json]).toEqual([503, expect.objectContaining({ code: 'PGRST300', details: 'token_keys_not_set' })]);
    // It does not mend itself.
    expect(headers.get('retry-after')).toBeNull();
  });

  it('make a service of role service_role', async () => {
    const token = await sign({ role: 'service_role', iss: 'supabase', exp: inSeconds(60) });
    expect((await callRpc(served.url, 'get_pending_webhook_retries', {}, { bearer: token })).json).toEqual([]);
  });

  /** A token of HS256 over any payload. */
  function signed(payload: string): string {
    const parts = [JSON.stringify({ alg: 'HS256' }), payload]
      .map((part) => Buffer.from(part).toString('base64url'))
      .join('.');
    return `${parts}.${createHmac('sha256', JWT_SECRET).update(parts).digest('base64url')}`;
  }

  async function changed(): Promise<string> {
    const [header, , signature] = (await sign(userClaims(sub))).split('.');
    const claims = Buffer.from(JSON.stringify(userClaims(randomUUID()))).toString('base64url');
    return `${header}.${claims}.${signature}`;
  }
});

function textOrNull(value: unknown): boolean {
  return value === null || typeof value === 'string';
}
