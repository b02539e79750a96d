import { POOL_SIZE } from '../../db/pg.js';
import { loadSql } from '../../db/sql-file.js';
import { type Finding, finding, orOk } from '../catalogue.js';
import { askOne, askOneAsService, type Check, type Context } from '../context.js';
import { counted } from '../told.js';

const CONNECTIONS = loadSql(import.meta.url, './connections.sql');
const WORKERS =
  "SELECT count(*)::int AS live FROM hookline.workers w WHERE w.heartbeat_at > now() - interval '15 seconds'";
/** One that waits for new deliveries, and one for what live streams show. */
const LISTENERS = 2;
const OF_A_PROCESS = POOL_SIZE + LISTENERS;
const NEARLY = 0.9;

interface Connections {
  readonly most: number;
  readonly reserved: number;
  readonly used: number;
  readonly ours: number;
  readonly loginLimit: number;
  readonly databaseLimit: number;
}

/** The pools of all processes against what the server allows. */
export const connections: Check = {
  area: 'connections',
  needs: 'server',
  async run(context) {
    const seen = await askOne<Connections>(context.db, CONNECTIONS);
    const live = await workersOf(context);
    const wanted = Math.max(1, live) * OF_A_PROCESS;
    const { most, reserved, used } = seen;
    const fine = `${used} of ${most} connections are used; ${counted(Math.max(1, live), 'process', 'processes')} may open ${wanted}.`;
    return orOk('connections', [...ofServer(seen, wanted), ...ofLimits(seen, wanted, most - reserved)], fine);
  },
};

async function workersOf({ db, access }: Context): Promise<number> {
  if (!access.schemaExists || access.missingRoles.includes('service_role')) return 0;
  return (await askOneAsService<{ live: number }>(db, WORKERS)).live;
}

function ofServer({ most, reserved, used, ours }: Connections, wanted: number): Finding[] {
  const open = most - reserved;
  const mend = `Raise max_connections (it needs a restart), run fewer processes, or put what else connects behind a pooler. Each process of Hookline opens ${OF_A_PROCESS} at most.`;
  if (used >= open * NEARLY) {
    const what = `${used} of the ${open} connections that logins may have are used.`;
    return [finding('connections', 'connections.nearly_used', what, mend)];
  }
  const left = open - (used - ours);
  if (wanted <= left) return [];
  const what = `The workers may open ${wanted} connections, and the server has ${left} for them (max_connections ${most}, ${reserved} reserved, ${used - ours} used by others).`;
  return [finding('connections', 'connections.too_few', what, mend)];
}

function ofLimits({ loginLimit, databaseLimit }: Connections, wanted: number, most: number): Finding[] {
  const limits = [
    { of: 'The login', limit: loginLimit, statement: 'ALTER ROLE … CONNECTION LIMIT -1;' },
    { of: 'The database', limit: databaseLimit, statement: 'ALTER DATABASE … CONNECTION LIMIT -1;' },
  ];
  return limits
    .filter(({ limit }) => limit >= 0 && limit < Math.min(wanted, most))
    .map(({ of, limit, statement }) =>
      finding(
        'connections',
        'connections.limited',
        `${of} may have ${counted(limit, 'connection')}, and the processes may open ${wanted}.`,
        `Raise it, or lift it: ${statement}`,
      ),
    );
}
