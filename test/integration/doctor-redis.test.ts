import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newPostgresDatabase } from '../harness/databases.js';
import { type RedisServer, startRedis, withRedis } from '../harness/services/redis.js';
import { waitUntil } from '../harness/wait-until.js';
import { doctor } from './doctor-helpers.js';

describe('hookline doctor with Redis', () => {
  let database: Awaited<ReturnType<typeof newPostgresDatabase>>;
  let redis: RedisServer;
  beforeAll(async () => {
    database = await newPostgresDatabase();
    redis = await startRedis();
  });
  afterAll(async () => {
    await redis.remove();
    await database.drop();
  });
  async function redisTrouble(redisUrl = redis.address) {
    const examined = await doctor({ DATABASE_URL: database.url, REDIS_URL: redisUrl });
    return { ...examined, trouble: examined.trouble.filter((code) => code.startsWith('redis.')) };
  }
  const config = (name: string, value: string) =>
    withRedis(redis.address, (client) => client.config('SET', name, value));

  it('finds nothing wrong with one that is set up for it, or with none', async () => {
    expect((await redisTrouble()).of('redis.ok').found).toMatch(/^Redis \d+\.\d+/);
    expect((await doctor({ DATABASE_URL: database.url })).of('redis.skipped').found).toContain('REDIS_URL');
  });

  it('sees a policy that evicts', async () => {
    await config('maxmemory-policy', 'allkeys-lru');
    const { trouble, of } = await redisTrouble();
    await config('maxmemory-policy', 'noeviction');
    expect(trouble).toEqual(['redis.evicts']);
    expect(of('redis.evicts').found).toContain('allkeys-lru');
    expect((await redisTrouble()).trouble).toEqual([]);
  });

  it('sees one that is nearly full', async () => {
    await config('maxmemory', '1mb');
    const { trouble } = await redisTrouble();
    await config('maxmemory', '0');
    expect(trouble).toEqual(['redis.nearly_full']);
  });

  it('sees a replica', async () => {
    await withRedis(redis.address, (client) => client.call('REPLICAOF', '127.0.0.1', '1'));
    const { code, trouble } = await redisTrouble();
    await withRedis(redis.address, (client) => client.call('REPLICAOF', 'NO', 'ONE'));
    expect([code, trouble]).toEqual([1, ['redis.replica']]);
  });

  it('sees one that cannot save, and so refuses writes', async () => {
    const stuck = await startRedis({ settings: { save: '3600 1', dbfilename: 'dump.rdb' } });
    await withRedis(stuck.address, async (client) => {
      await client.set('something', 'to save');
      // Its folder is gone as a disk that is full: nothing can be written there.
      const [, folder = ''] = (await client.config('GET', 'dir')) as string[];
      await rm(folder, { recursive: true });
      await client.bgsave();
      const hasFailed = async () => (await client.info('persistence')).includes('rdb_last_bgsave_status:err');
      await waitUntil(hasFailed, { message: 'the save to fail' });
      await expect(client.set('anything', 'more')).rejects.toThrow('MISCONF');
    });
    const { code, trouble } = await redisTrouble(stuck.address);
    // Else it would not end, since it has something to save.
    await withRedis(stuck.address, (client) => client.config('SET', 'save', ''));
    await stuck.remove();
    expect([code, trouble]).toEqual([1, ['redis.refuses_writes']]);
  });

  it('says why it cannot be used: a wrong password, nothing there', async () => {
    const wrong = redis.address.replace(/:\w+@/, ':wrong-password-of-tests@');
    const refused = await redisTrouble(wrong);
    expect([refused.code, refused.trouble]).toEqual([1, ['redis.unreachable']]);
    expect(refused.of('redis.unreachable').found).toMatch(/WRONGPASS/);
    expect(refused.output).not.toContain('wrong-password-of-tests');
    expect((await redisTrouble('redis://127.0.0.1:1')).of('redis.unreachable').found).toContain('ECONNREFUSED');
  });
});
