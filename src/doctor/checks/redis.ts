import { parseRedisUrl } from '../../config/redis-url.js';
import { connectRedis, OLDEST } from '../../deliver/queue/bullmq/connect.js';
import { type Finding, finding, orOk, skipped } from '../catalogue.js';
import type { Check } from '../context.js';
import { causeOf } from '../told.js';

const NEARLY = 0.9;

/** Redis, over which workers share the work: its policy, version, room, and whether it takes writes. It is asked INFO, which a user of its own may. */
export const redis: Check = {
  area: 'redis',
  needs: 'nothing',
  async run({ config: { redisUrl } }) {
    if (redisUrl === undefined)
      return [skipped('redis', 'REDIS_URL is not set: PostgreSQL alone distributes the work.')];
    try {
      const { client, info } = await connectRedis(parseRedisUrl(redisUrl));
      client.disconnect();
      const value = (name: string): string | undefined => new RegExp(`^${name}:(.*?)\r?$`, 'm').exec(info)?.[1];
      const fine = `Redis ${value('redis_version')} answers, and evicts nothing. Whether it saves what it holds does not matter: PostgreSQL has it all.`;
      return orOk('redis', [...policyOf(value), ...writesOf(value)], fine);
    } catch (error) {
      const what = `Redis gives no answer that can be used: ${causeOf(error)}. Deliveries come straight from PostgreSQL meanwhile.`;
      const mend =
        'Is it running, and are host, port, user and password of REDIS_URL right? Its user needs INFO and the keys {hookline}:*.';
      return [finding('redis', 'redis.unreachable', what, mend)];
    }
  },
};

type Value = (name: string) => string | undefined;

function policyOf(value: Value): Finding[] {
  const found: Finding[] = [];
  const version = value('redis_version') ?? '';
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
    found.push(
      finding(
        'redis',
        'redis.too_old',
        `Redis is ${version}.`,
        `Upgrade to ${OLDEST.join('.')} or newer: BullMQ needs it.`,
      ),
    );
  }
  const policy = value('maxmemory_policy');
  if (policy !== undefined && policy !== 'noeviction') {
    const what = `maxmemory-policy of Redis is ${policy}: deliveries that it drops wait until that is noticed.`;
    found.push(
      finding('redis', 'redis.evicts', what, 'CONFIG SET maxmemory-policy noeviction, and the same in redis.conf.'),
    );
  }
  const [used, most] = [Number(value('used_memory') ?? 0), Number(value('maxmemory') ?? 0)];
  if (most > 0 && used > most * NEARLY) {
    const what = `Redis uses ${Math.round((100 * used) / most)} % of its maxmemory: when it is full it takes no more jobs.`;
    found.push(
      finding(
        'redis',
        'redis.nearly_full',
        what,
        'Raise maxmemory, or look what else is kept there: Hookline needs a megabyte.',
      ),
    );
  }
  return found;
}

function writesOf(value: Value): Finding[] {
  const found: Finding[] = [];
  if (value('role') === 'slave') {
    const what = 'REDIS_URL leads to a replica, which takes no writes: nothing is shared over it.';
    found.push(finding('redis', 'redis.replica', what, 'Name the primary in REDIS_URL.'));
  }
  const failed = ['rdb_last_bgsave_status', 'aof_last_write_status'].filter((name) => value(name) === 'err');
  if (failed.length > 0) {
    const what = `Redis could not save what it holds (${failed.join(', ')}: err), and by default takes no writes then.`;
    const mend =
      'Make room on its disk; or, since Hookline needs nothing saved there: CONFIG SET save "" and CONFIG SET appendonly no.';
    found.push(finding('redis', 'redis.refuses_writes', what, mend));
  }
  return found;
}
