import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config.js';
import { startHookline } from '../../src/main.js';
import { captureLog } from '../harness/captured-log.js';
import { newPostgresDatabase } from '../harness/databases.js';

describe('a worker by itself', () => {
  let own: Awaited<ReturnType<typeof newPostgresDatabase>>;
  beforeAll(async () => {
    own = await newPostgresDatabase();
  });
  afterAll(() => own.drop());

  it.each([
    [{}, 1],
    [{ MODELRIVER_API_KEY: 'mr-key' }, 0],
  ])('says when it leaves callbacks undone: with %j', async (env, times) => {
    const { log, lines } = captureLog();
    const options = { api: false, worker: true, log };
    const hookline = await startHookline(loadConfig({ DATABASE_URL: own.url, ...env }), options);
    await hookline.stop();
    const warning =
      'settings.missing: MODELRIVER_API_KEY is not set: this worker sends no callbacks that are left of received AI webhooks.';
    expect(lines(warning)).toHaveLength(times);
  });
});
