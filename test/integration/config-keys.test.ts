import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config.js';
import { keysFile, withEmbeddedKeys } from '../../src/start/keys.js';

describe('the keys of the embedded shape', () => {
  let dataDir: string;
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'hookline-keys-'));
  });
  afterEach(() => {
    rmSync(dataDir, { recursive: true });
  });
  const load = (env: Record<string, string> = {}) =>
    withEmbeddedKeys(loadConfig({ HOOKLINE_DATA_DIR: dataDir, ...env }));

  it('are made once, kept, and readable by their owner alone', () => {
    const first = load();
    expect(first.serviceKey).toMatch(/^[0-9a-f]{64}$/);
    expect(first.jwtSecret?.length).toBeGreaterThanOrEqual(32);
    expect(load()).toEqual(first);
    expect(statSync(keysFile(dataDir)).mode & 0o777).toBe(0o600);
  });

  it('give way to the environment', () => {
    const kept = load();
    const config = load({ HOOKLINE_SERVICE_KEY: 'mine-of-16-chars', MODELRIVER_WEBHOOK_SECRET: 'theirs' });
    expect(config).toMatchObject({
      serviceKey: 'mine-of-16-chars',
      webhookSecret: 'theirs',
      jwtSecret: kept.jwtSecret,
    });
    expect(load()).toEqual(kept);
  });

  it('are completed when a later version needs one more', () => {
    writeFileSync(keysFile(dataDir), JSON.stringify({ serviceKey: 'kept-from-before' }));
    chmodSync(keysFile(dataDir), 0o600);
    const config = load();
    expect(config.serviceKey).toBe('kept-from-before');
    expect(JSON.parse(readFileSync(keysFile(dataDir), 'utf8'))).toMatchObject({ webhookSecret: config.webhookSecret });
  });

  it.each(['', '{', '[]', '{"jwtSecret":"short"}'])(
    'are never replaced when the file holds something else: %j',
    (text) => {
      writeFileSync(keysFile(dataDir), text);
      expect(() => load()).toThrowError(expect.objectContaining({ code: 'invalid_config' }));
      expect(readFileSync(keysFile(dataDir), 'utf8')).toBe(text);
    },
  );
});
