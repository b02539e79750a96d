import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPlanetscaleApi } from '../../src/dev/planetscale-api/api.js';
import { startHooklineProcess } from '../harness/hookline-process.js';
import { type MariadbDatabase, newMariadbDatabase } from '../harness/mariadb-databases.js';

describe('hookline planetscale-api', { timeout: 120_000 }, () => {
  let database: MariadbDatabase;
  beforeAll(async () => {
    database = await newMariadbDatabase({ migrated: false });
  });
  afterAll(() => database.drop());

  it('explains itself, and that it is no PlanetScale', async () => {
    const child = startHooklineProcess(['planetscale-api', '--help'], {});
    expect(await child.ended()).toBe(0);
    for (const part of [
      'it is no PlanetScale',
      '--mysql',
      '--require-approval',
      'Environment:',
      'Examples:',
      '/faults',
    ]) {
      expect(child.output().replaceAll(/\s+/g, ' ')).toContain(part);
    }
  });

  it('prints the settings for hookline schema, serves, and keeps what it knows until the next start', async () => {
    const args = ['planetscale-api', '--port', '0', '--organization', 'acme', '--token', 't-1', '--branch-ms', '0'];
    const child = startHooklineProcess(args, { HOOKLINE_PLANETSCALE_API_MYSQL: database.url });
    await child.waitForOutput('PLANETSCALE_SERVICE_TOKEN=');
    const settings = Object.fromEntries(
      [...child.output().matchAll(/^(\w+)=(\S+)$/gm)].map(([, name, value]) => [name, value]),
    );
    expect(settings).toMatchObject({
      HOOKLINE_PLANETSCALE_API: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      PLANETSCALE_ORG: 'acme',
      PLANETSCALE_DATABASE: 'app',
      PLANETSCALE_SERVICE_TOKEN_ID: 'dev',
      PLANETSCALE_SERVICE_TOKEN: 't-1',
    });
    const ask = async (api: string, method: string, body?: object) => {
      const response = await fetch(`${api}/v1/organizations/acme/databases/app/branches`, {
        method,
        headers: { authorization: 'dev:t-1', 'content-type': 'application/json' },
        ...(body && { body: JSON.stringify(body) }),
      });
      return { status: response.status, body: await response.json() };
    };
    const made = await ask(settings['HOOKLINE_PLANETSCALE_API'] ?? '', 'POST', { name: 'b', parent_branch: 'main' });
    expect(made.status).toBe(201);
    child.signal('SIGTERM');
    expect(await child.ended()).toBe(0);
    const next = await startPlanetscaleApi({
      mysql: database.url,
      organization: 'acme',
      database: 'app',
      tokenId: 'dev',
      token: 't-1',
    });
    try {
      expect((await ask(next.url, 'GET')).body).toMatchObject({ data: [{ name: 'main' }, { name: 'b' }] });
    } finally {
      await next.close();
    }
  });

  it.each([
    [[], 2, /--mysql/],
    [['--mysql', 'postgres://u:hidden@127.0.0.1/x'], 1, /Hint: .*\nCode: {2}invalid_config/],
    [['--mysql', 'mysql://u:hidden@127.0.0.1:9/x'], 1, /Code: {2}database_unavailable/],
  ])('ends with a clear error when called with %j', async (args, code, message) => {
    const child = startHooklineProcess(['planetscale-api', '--log-level', 'silent', ...args], {});
    expect(await child.ended()).toBe(code);
    expect(child.output()).toMatch(message);
    expect(child.output()).not.toContain('hidden');
  });
});
