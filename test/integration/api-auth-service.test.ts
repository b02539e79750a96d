import Fastify from 'fastify';
import { describe, expect, it } from 'vitest';
import { type AuthOptions, createAuth } from '../../src/api/auth/auth.js';
import { toRequestError } from '../../src/api/request-errors.js';
import { SERVICE_KEY } from './api-client.js';
import { inSeconds, JWT_SECRET, sign, userClaims } from './api-tokens.js';

/** Status and code of a request to a route that is for the service alone. */
async function ask(options: AuthOptions, authorization?: string): Promise<[number, string]> {
  const app = Fastify();
  app.setErrorHandler((error, _request, reply) => {
    const { status, code } = toRequestError(error, 0);
    return reply.code(status).send({ code });
  });
  app.get('/', { onRequest: createAuth(options).requireService }, async () => ({ code: 'passed' }));
  const response = await app.inject({ url: '/', ...(authorization !== undefined && { headers: { authorization } }) });
  await app.close();
  return [response.statusCode, response.json<{ code: string }>().code];
}

describe('a route for the service', () => {
  const both = { serviceKey: SERVICE_KEY, jwtSecret: JWT_SECRET };
  const service = { role: 'service_role', iss: 'supabase', exp: inSeconds(60) };
  const bearer = async (claims: Parameters<typeof sign>[0], secret?: string) => `Bearer ${await sign(claims, secret)}`;

  it('lets the service key and its tokens pass', async () => {
    for (const authorization of [`Bearer ${SERVICE_KEY}`, `bearer  ${SERVICE_KEY} `, await bearer(service)]) {
      expect(await ask(both, authorization)).toEqual([200, 'passed']);
    }
    expect(await ask({ serviceKey: undefined, jwtSecret: JWT_SECRET }, await bearer(service))).toEqual([200, 'passed']);
  });

  it('refuses everyone else', async () => {
    expect(await ask(both)).toEqual([401, 'unauthorized']);
    expect(await ask(both, 'Bearer wrong')).toEqual([401, 'unauthorized']);
    expect(await ask(both, `Basic ${SERVICE_KEY}`)).toEqual([401, 'unauthorized']);
    expect(await ask(both, await bearer(userClaims('u1')))).toEqual([403, 'forbidden']);
    expect(await ask(both, await bearer({ role: 'anon', exp: inSeconds(60) }))).toEqual([403, 'forbidden']);
    expect(await ask(both, await bearer(service, 'another-jwt-secret-of-32-characters'))).toEqual([
      401,
      'invalid_token',
    ]);
    expect(await ask(both, await bearer({ ...service, exp: inSeconds(-60) }))).toEqual([401, 'token_expired']);
  });

  it('answers 503 while nobody could be the service', async () => {
    expect(await ask({ serviceKey: undefined }, `Bearer ${SERVICE_KEY}`)).toEqual([503, 'service_key_not_set']);
    const jwksUrl = 'https://127.0.0.1:9/jwks.json';
    expect(await ask({ serviceKey: undefined, jwksUrl }, await bearer(service))).toEqual([503, 'service_key_not_set']);
  });
});
