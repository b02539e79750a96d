import { type Build, build } from './build.js';
import { stopChildren } from './child.js';
import { type Postgres, startBenchPostgres } from './postgres.js';
import { type Receivers, startReceivers } from './receivers.js';
import { type RedisServer, startBenchRedis } from './redis.js';

/** What every measure stands on: our code as built, a PostgreSQL server, and the subscribers, each in processes of their own. */
export interface Stand {
  readonly built: Build;
  readonly postgres: Postgres;
  readonly receivers: Receivers;
  /** One Redis for all who need it, started when the first asks. */
  redis(): Promise<RedisServer>;
  /** Where the worker's CPU profiles go; none when left out. */
  readonly profiles: string | undefined;
}

/** Runs `fn` on a stand of its own and takes it down, whatever comes. */
export async function withStand<T>(profiles: string | undefined, fn: (stand: Stand) => Promise<T>): Promise<T> {
  // `finally` is not reached on Ctrl-C, but what listens to the end of this process is: the build goes, children and servers end with it.
  process.once('SIGINT', () => process.exit(130));
  process.once('SIGTERM', () => process.exit(143));
  const built = await build();
  const closers: (() => Promise<void>)[] = [stopChildren, async () => built.remove()];
  let redis: Promise<RedisServer> | undefined;
  const startRedis = async (): Promise<RedisServer> => {
    const server = await startBenchRedis();
    closers.push(() => server.stop());
    return server;
  };
  try {
    const receivers = await startReceivers(built);
    const postgres = await startBenchPostgres();
    closers.push(() => postgres.stop());
    return await fn({
      built,
      postgres,
      receivers,
      profiles,
      redis() {
        redis ??= startRedis();
        return redis;
      },
    });
  } finally {
    for (const close of closers) await close();
  }
}
