import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config.js';
import { HooklineError } from '../../src/errors.js';

function refusal(env: Record<string, string>): HooklineError {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof HooklineError) return error;
    throw error;
  }
  throw new Error('the environment was accepted');
}

describe('the environment', () => {
  it('has the specified defaults', () => {
    const config = loadConfig({});
    expect(config).toMatchObject({ port: 8080, host: '127.0.0.1', dataDir: '.hookline', maxBodyBytes: 1_048_576 });
    expect(config).toMatchObject({ databaseUrl: undefined, serviceKey: undefined, allowNetworks: [] });
    expect(config).toMatchObject({ jwksUrl: undefined, jwtAudience: 'authenticated', jwtIssuer: undefined });
    expect(config).toMatchObject({ allowPorts: undefined, egressProxy: undefined, responseBodyBytes: 65_536 });
    expect(config.sendTraceparent).toBe(false);
    expect(config.secretKeys).toEqual([]);
    expect(config.callbackOrigins).toEqual(['https://api.modelriver.com']);
    expect(config).toMatchObject({ rateLimit: 600, serviceRateLimit: 0, corsOrigins: [], allowedHosts: [] });
    expect(Object.isFrozen(config)).toBe(true);
    expect(Object.isFrozen(config.callbackOrigins)).toBe(true);
  });

  it('is parsed into types', () => {
    const config = loadConfig({
      PORT: '0',
      HOST: '::1',
      HOOKLINE_METRICS_PORT: '9464',
      HOOKLINE_ALLOW_NETWORKS: '10.0.0.0/8, fd00::/8',
      HOOKLINE_CALLBACK_ORIGINS: 'http://127.0.0.1:3000,https://api.example.com/',
      HOOKLINE_ALLOW_PORTS: '80, 443,8000-8999',
      HOOKLINE_EGRESS_PROXY: 'socks5://user:p%40ss@proxy.internal:1080',
      HOOKLINE_RESPONSE_BODY_BYTES: '0',
      HOOKLINE_SEND_TRACEPARENT: '1',
      HOOKLINE_MAX_BODY_BYTES: '2048',
      HOOKLINE_RATE_LIMIT: '0',
      HOOKLINE_SERVICE_RATE_LIMIT: '90000',
      HOOKLINE_CORS_ORIGINS: 'https://app.example.com/, http://localhost:3000',
      HOOKLINE_ALLOWED_HOSTS: 'Hooks.example.com, 10.0.0.1:8443,[fd00::1]:80',
      HOOKLINE_JWKS_URL: 'https://auth.example.com/.well-known/jwks.json',
      HOOKLINE_JWT_AUDIENCE: 'https://api.example.com',
      HOOKLINE_JWT_ISSUER: 'https://auth.example.com/',
    });
    expect(config).toMatchObject({
      port: 0,
      host: '::1',
      metricsPort: 9464,
      maxBodyBytes: 2048,
      rateLimit: 0,
      serviceRateLimit: 90_000,
    });
    expect(config.corsOrigins).toEqual(['https://app.example.com', 'http://localhost:3000']);
    expect(config.allowedHosts).toEqual(['hooks.example.com', '10.0.0.1:8443', '[fd00::1]:80']);
    expect(loadConfig({ HOOKLINE_CORS_ORIGINS: '*' }).corsOrigins).toEqual(['*']);
    expect(config).toMatchObject({
      jwksUrl: 'https://auth.example.com/.well-known/jwks.json',
      jwtAudience: 'https://api.example.com',
      jwtIssuer: 'https://auth.example.com/',
    });
    expect(config.allowPorts).toEqual([
      [80, 80],
      [443, 443],
      [8000, 8999],
    ]);
    expect(config.sendTraceparent).toBe(true);
    expect(config.egressProxy).toBe('socks5://user:p%40ss@proxy.internal:1080');
    expect(config.responseBodyBytes).toBe(0);
    expect(config.allowNetworks).toEqual(['10.0.0.0/8', 'fd00::/8']);
    expect(config.callbackOrigins).toEqual(['http://127.0.0.1:3000', 'https://api.example.com']);
  });

  it.each(['http://127.0.0.1:9999/jwks', 'http://localhost/jwks', 'http://[::1]:1/jwks'])(
    'takes %s for a key set',
    (url) => {
      expect(loadConfig({ HOOKLINE_JWKS_URL: url }).jwksUrl).toBe(url);
    },
  );

  it('takes an empty string for absent', () => {
    expect(loadConfig({ PORT: '', DATABASE_URL: '', HOOKLINE_JWT_SECRET: '' })).toEqual(loadConfig({}));
  });

  it.each([
    ['PORT', '80a'],
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['HOST', 'two words'],
    ['HOOKLINE_METRICS_PORT', '9464a'],
    ['DATABASE_URL', 'mysql://user:hidden-value@host/app'],
    ['DATABASE_URL', 'postgres://user:hid#den-value@host/app'],
    ['HOOKLINE_MIGRATE_DATABASE_URL', 'hidden-value'],
    ['HOOKLINE_JWT_SECRET', 'hidden-value'],
    ['HOOKLINE_JWKS_URL', 'hidden-value'],
    ['HOOKLINE_JWKS_URL', 'http://hidden.example.com/jwks.json'],
    ['HOOKLINE_JWKS_URL', 'http://127.0.0.1.hidden.example.com/jwks.json'],
    ['HOOKLINE_JWKS_URL', 'https://user:hidden@example.com/jwks.json'],
    ['HOOKLINE_JWKS_URL', 'file:///hidden/jwks.json'],
    ['HOOKLINE_JWT_AUDIENCE', 'hidden value'],
    ['HOOKLINE_JWT_ISSUER', 'hidden\nvalue'],
    ['HOOKLINE_SERVICE_KEY', 'hidden value, of 16 and more'],
    ['HOOKLINE_SERVICE_KEY', 'hidden-value-15'],
    ['MODELRIVER_API_KEY', 'hidden\nvalue'],
    ['HOOKLINE_ALLOW_NETWORKS', '10.0.0.0/8,10.0.0.1'],
    ['HOOKLINE_ALLOW_NETWORKS', '10.0.0.0/33'],
    ['HOOKLINE_ALLOW_PORTS', '80;443'],
    ['HOOKLINE_ALLOW_PORTS', '0'],
    ['HOOKLINE_ALLOW_PORTS', '443-80'],
    ['HOOKLINE_ALLOW_PORTS', '80-70000'],
    ['HOOKLINE_ALLOW_PORTS', '80-90-100'],
    ['HOOKLINE_ALLOW_PORTS', ','],
    ['HOOKLINE_EGRESS_PROXY', 'hidden:3128'],
    ['HOOKLINE_EGRESS_PROXY', 'https://user:hidden@proxy.internal:3128'],
    ['HOOKLINE_EGRESS_PROXY', 'http://user:hidden@proxy.internal:3128/path'],
    ['HOOKLINE_EGRESS_PROXY', 'http://user:hid%zzden@proxy.internal:3128'],
    ['HOOKLINE_EGRESS_PROXY', `socks5://user:hid${'x'.repeat(300)}@proxy.internal`],
    ['HOOKLINE_RESPONSE_BODY_BYTES', '1048577'],
    ['HOOKLINE_SECRET_KEYS', 'k1:hidden'],
    ['HOOKLINE_SECRET_KEYS', `k1:${'hidden-'.repeat(6)}A,k1:${'hidden-'.repeat(6)}A`],
    ['HOOKLINE_SEND_TRACEPARENT', 'true'],
    ['HOOKLINE_CALLBACK_ORIGINS', 'https://api.example.com/path'],
    ['HOOKLINE_CALLBACK_ORIGINS', 'ftp://api.example.com'],
    ['HOOKLINE_MAX_BODY_BYTES', '1e6'],
    ['HOOKLINE_RATE_LIMIT', '-1'],
    ['HOOKLINE_SERVICE_RATE_LIMIT', 'none'],
    ['HOOKLINE_CORS_ORIGINS', 'app.example.com'],
    ['HOOKLINE_CORS_ORIGINS', 'https://app.example.com/path'],
    ['HOOKLINE_CORS_ORIGINS', '*,https://app.example.com'],
    ['HOOKLINE_CORS_ORIGINS', 'https://*.example.com'],
    ['HOOKLINE_ALLOWED_HOSTS', 'https://hidden.example.com'],
    ['HOOKLINE_ALLOWED_HOSTS', 'hidden.example.com/path'],
    ['HOOKLINE_ALLOWED_HOSTS', 'hidden.example.com:70000'],
    ['HOOKLINE_ALLOWED_HOSTS', 'hid@example.com'],
    ['HOOKLINE_ALLOWED_HOSTS', '*'],
    ['HOOKLINE_URL', 'https://user:hidden@hookline.example.com'],
    ['HOOKLINE_URL', 'hidden.example.com:8080'],
    ['HOOKLINE_TOKEN', 'hidden value'],
    ['LOG_LEVEL', 'loud'],
  ])('refuses %s=%s, naming the variable and what it takes, not the value', (name, value) => {
    const error = refusal({ [name]: value });
    expect(error.code).toBe('invalid_config');
    expect(error.message).toContain(`${name} takes `);
    expect(error.message + error.hint).not.toContain('hid');
  });

  it.each([
    [['PORT'], 'Correct PORT, or leave it out for the default.'],
    [['PORT', 'HOST'], 'Correct PORT, HOST, or leave them out for the defaults.'],
    [['HOOKLINE_SERVICE_KEY'], 'Correct HOOKLINE_SERVICE_KEY.'],
    [['PORT', 'DATABASE_URL'], 'Correct DATABASE_URL, PORT.'],
  ])('hints at a default only where there is one: %j', (names, hint) => {
    expect(refusal(Object.fromEntries(names.map((name) => [name, '?']))).hint).toBe(hint);
  });

  it('names every wrong variable at once', () => {
    const names = ['DATABASE_URL', 'HOOKLINE_MIGRATE_DATABASE_URL', 'PORT', 'HOST', 'HOOKLINE_JWT_SECRET'];
    const more = ['HOOKLINE_ALLOW_NETWORKS', 'HOOKLINE_MAX_BODY_BYTES', 'HOOKLINE_CALLBACK_ORIGINS', 'LOG_LEVEL'];
    const tokens = ['HOOKLINE_JWKS_URL', 'HOOKLINE_JWT_AUDIENCE', 'HOOKLINE_JWT_ISSUER'];
    const egress = ['HOOKLINE_ALLOW_PORTS', 'HOOKLINE_EGRESS_PROXY', 'HOOKLINE_RESPONSE_BODY_BYTES'];
    const all = [...names, ...more, ...tokens, ...egress];
    const { message } = refusal(Object.fromEntries(all.map((name) => [name, '? ?'])));
    for (const name of all) expect(message).toContain(`${name} takes `);
  });
});
