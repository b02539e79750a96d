import { startRedis, withRedis } from '../../test/harness/services/redis.js';

export interface RedisServer {
  readonly url: string;
  readonly pid: number | undefined;
  readonly version: string;
  stop(): Promise<void>;
}

/** A Redis of the run's own that keeps nothing on disk: the quickest that it can be. */
export async function startBenchRedis(): Promise<RedisServer> {
  const server = await startRedis();
  const info = await withRedis(server.address, (client) => client.info('server'));
  const field = (name: string): string => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1] ?? '';
  return {
    url: server.address,
    pid: Number(field('process_id')) || undefined,
    version: field('redis_version'),
    stop: () => server.remove(),
  };
}
