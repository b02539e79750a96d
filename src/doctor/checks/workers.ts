import { loadSql } from '../../db/sql-file.js';
import { VERSION } from '../../observe/version.js';
import { type Finding, finding, orOk, skipped } from '../catalogue.js';
import { askOneAsService, type Check } from '../context.js';
import { counted } from '../told.js';

const WORKERS = loadSql(import.meta.url, './workers.sql');

interface Workers {
  readonly live: number;
  /** Names of some that no longer beat. */
  readonly quiet: readonly string[];
  readonly versions: readonly string[];
}

/** That workers live, and that all processes are of one version. */
export const workers: Check = {
  area: 'workers',
  needs: 'service',
  async run({ db }) {
    if (db.kind === 'pglite') {
      return [skipped('workers', 'The embedded database is of one process, and that is doctor now.')];
    }
    const { live, quiet, versions } = await askOneAsService<Workers>(db, WORKERS);
    const found: Finding[] = [];
    if (live === 0) {
      const mend = 'Start `hookline worker` or `hookline start`; one that runs and does not beat says why in its log.';
      found.push(finding('workers', 'workers.none', 'No worker lives: deliveries wait.', mend));
    }
    if (quiet.length > 0) {
      const what = `No longer beating: ${quiet.join(', ')}. What they held goes to others.`;
      found.push(
        finding('workers', 'workers.quiet', what, 'Look whether they crashed, or are cut off from the database.'),
      );
    }
    const others = versions.filter((version) => version !== VERSION);
    if (others.length > 0) {
      const what = `Processes of version ${others.join(' and ')} are connected, and this is ${VERSION}.`;
      const mend = 'Bring the roll-out to its end. Two versions work side by side meanwhile.';
      found.push(finding('workers', 'workers.versions_differ', what, mend));
    }
    return orOk(
      'workers',
      found,
      `${counted(live, 'worker beats', 'workers beat')}; every process that is connected is of version ${VERSION}.`,
    );
  },
};
