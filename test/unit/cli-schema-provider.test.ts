import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config.js';
import { openProvider } from '../../src/schema/open-provider.js';

const MYSQL = { HOOKLINE_SCHEMA_URL: 'mysql://owner:hidden-password@127.0.0.1:9/app' };
const PLANETSCALE = {
  PLANETSCALE_ORG: 'acme',
  PLANETSCALE_DATABASE: 'app',
  PLANETSCALE_SERVICE_TOKEN_ID: 'id-1',
  PLANETSCALE_SERVICE_TOKEN: 'hidden-token',
};
const ROWS = {
  PLANETSCALE_HOST: 'aws.connect.psdb.cloud',
  PLANETSCALE_USERNAME: 'u',
  PLANETSCALE_PASSWORD: 'hidden-pw',
};

const named = (env: Record<string, string>, provider?: 'planetscale' | 'mysql'): string =>
  openProvider(loadConfig(env), provider === undefined ? {} : { provider }).name;

describe('whose branches hookline schema is about', () => {
  it.each([
    ['HOOKLINE_SCHEMA_URL', MYSQL, 'mysql'],
    ['HOOKLINE_RECEIVER_URL of a MySQL', { HOOKLINE_RECEIVER_URL: MYSQL.HOOKLINE_SCHEMA_URL }, 'mysql'],
    ['a service token', PLANETSCALE, 'planetscale'],
    ['a service token beside a MySQL', { ...MYSQL, ...PLANETSCALE }, 'planetscale'],
    ['a service token beside the password of rows', { ...ROWS, ...PLANETSCALE }, 'planetscale'],
  ])('%s', (_, env, name) => {
    expect(named(env)).toBe(name);
  });

  it('is the choice of --provider where both are set', () => {
    expect(named({ ...MYSQL, ...PLANETSCALE }, 'mysql')).toBe('mysql');
    expect(named({ ...MYSQL, ...PLANETSCALE }, 'planetscale')).toBe('planetscale');
  });

  it.each([
    ['nothing', {}, undefined, /HOOKLINE_SCHEMA_URL.*PLANETSCALE_SERVICE_TOKEN/],
    [
      'a store that is no MySQL',
      { HOOKLINE_RECEIVER_URL: 'postgres://u:hidden@h/d' },
      undefined,
      /HOOKLINE_SCHEMA_URL/,
    ],
    ['the password of rows alone', ROWS, undefined, /PLANETSCALE_ORG.*PLANETSCALE_SERVICE_TOKEN/],
    ['a MySQL, and --provider planetscale', MYSQL, 'planetscale', /PLANETSCALE_ORG/],
    ['a service token, and --provider mysql', PLANETSCALE, 'mysql', /HOOKLINE_SCHEMA_URL/],
  ] as const)('with %s: invalid_config, which names the variables and no value', (_, env, provider, hint) => {
    try {
      named(env, provider);
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ code: 'invalid_config', hint: expect.stringMatching(hint) });
      expect(JSON.stringify([error, String(error)])).not.toContain('hidden');
    }
  });
});
