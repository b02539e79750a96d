import type { Config } from '../../config.js';
import { HooklineError } from '../../errors.js';
import type { MysqlTarget } from './connection.js';

const HINT = 'Set HOOKLINE_RECEIVER_URL to mysql://user:password@host:3306/database, or the PLANETSCALE_ variables.';

/**
 * The MySQL database that the receiver stores in, by the settings. PlanetScale's host speaks MySQL's protocol beside its own over HTTP.
 * Throws `invalid_config` when the store is none, or another than MySQL.
 */
export function mysqlTargetOf({ receiverUrl, planetscale }: Pick<Config, 'receiverUrl' | 'planetscale'>): MysqlTarget {
  if (planetscale !== undefined) return { planetscale };
  if (receiverUrl === undefined) {
    throw new HooklineError('invalid_config', 'No setting names a MySQL database.', { hint: HINT });
  }
  const url = new URL(receiverUrl.replace('@/', '@localhost/'));
  if (url.protocol === 'mysql:') return { url: receiverUrl };
  if (url.protocol === 'https:') {
    const [username, password] = [url.username, url.password].map(decodeURIComponent);
    return { planetscale: { host: url.hostname, username: username ?? '', password: password ?? '' } };
  }
  const names = url.protocol === 'http:' ? 'a gateway, which takes no migrations' : 'PostgreSQL';
  throw new HooklineError('invalid_config', `HOOKLINE_RECEIVER_URL names ${names}.`, {
    hint: url.protocol === 'http:' ? HINT : `${HINT} A PostgreSQL store is migrated without --target.`,
  });
}
