import type { Config } from '../config.js';
import { HooklineError } from '../errors.js';
import type { Provider } from './provider.js';
import { createMysqlProvider } from './providers/mysql/provider.js';
import { createPlanetscaleProvider } from './providers/planetscale/provider.js';

type Settings = Pick<Config, 'planetscaleApi' | 'planetscaleDatabase' | 'planetscale' | 'schemaUrl' | 'receiverUrl'>;

const PLANETSCALE_HINT =
  'Set PLANETSCALE_ORG, PLANETSCALE_DATABASE, PLANETSCALE_SERVICE_TOKEN_ID and PLANETSCALE_SERVICE_TOKEN.';
const MYSQL_HINT = 'Set HOOKLINE_SCHEMA_URL to mysql://user:password@host:3306/database.';

/**
 * Whose branches the settings are about: PlanetScale where there is a service token for it, else the MySQL or MariaDB of HOOKLINE_SCHEMA_URL or
 * HOOKLINE_RECEIVER_URL.
 * @param choice takes one of them where both are set.
 * Throws `invalid_config`, which names the variables that are missing.
 */
export function openProvider(settings: Settings, choice: { readonly provider?: Provider['name'] } = {}): Provider {
  const { planetscaleDatabase, planetscaleApi } = settings;
  if (choice.provider === 'mysql') return createMysqlProvider({ url: mysqlUrlOf(settings) });
  if (planetscaleDatabase !== undefined) {
    return createPlanetscaleProvider({ api: planetscaleApi, ...planetscaleDatabase });
  }
  if (choice.provider === 'planetscale') {
    throw new HooklineError('invalid_config', 'No setting names a database of PlanetScale.', {
      hint: PLANETSCALE_HINT,
    });
  }
  return createMysqlProvider({ url: mysqlUrlOf(settings) });
}

function mysqlUrlOf({ schemaUrl, receiverUrl, planetscale }: Settings): string {
  if (schemaUrl !== undefined) return schemaUrl;
  if (receiverUrl?.startsWith('mysql:')) return receiverUrl;
  if (planetscale !== undefined) {
    throw new HooklineError('invalid_config', 'PLANETSCALE_HOST and its password reach rows; branches need the API.', {
      hint: PLANETSCALE_HINT,
    });
  }
  throw new HooklineError('invalid_config', 'No setting names the database whose schema this is about.', {
    hint: `${MYSQL_HINT} For PlanetScale: ${PLANETSCALE_HINT.replace('Set ', '')}`,
  });
}
