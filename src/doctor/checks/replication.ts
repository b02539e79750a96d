import { loadSql } from '../../db/sql-file.js';
import { type Finding, finding, orOk, skipped } from '../catalogue.js';
import { askOne, type Check } from '../context.js';
import { counted, lasting } from '../told.js';

const IN_RECOVERY = 'SELECT pg_is_in_recovery() AS "isStandby"';
const REPLICATION = loadSql(import.meta.url, './replication.sql');
const BEHIND_AFTER_S = 30;

interface Replication {
  readonly standbys: number;
  readonly lagS: number | null;
  readonly slots: string | null;
}

/** Standbys that lag, and slots of standbys that are gone, for which the server keeps its log until the disk is full. */
export const replication: Check = {
  area: 'replication',
  needs: 'server',
  async run({ db, limits }) {
    const { isStandby } = await askOne<{ isStandby: boolean }>(db, IN_RECOVERY);
    if (isStandby) return [skipped('replication', 'The server is a standby itself: see database.')];
    const { standbys, lagS, slots } = await askOne<Replication>(db, REPLICATION, [limits.slotBytes]);
    const found: Finding[] = [];
    if (lagS !== null && lagS > BEHIND_AFTER_S) {
      const what = `A standby is ${lasting(lagS)} behind: what committed since is lost if it takes over now.`;
      found.push(
        finding('replication', 'replication.behind', what, 'Look at its disk and network, and at long queries there.'),
      );
    }
    const held: { name: string; mebibytes: number }[] = slots === null ? [] : JSON.parse(slots);
    for (const { name, mebibytes } of held) {
      const what = `Nobody reads the replication slot ${name}, for which the server keeps ${mebibytes.toLocaleString('en-US')} MiB of its log, and more each minute.`;
      const mend = `Bring its reader back, or: SELECT pg_drop_replication_slot('${name}');`;
      found.push(finding('replication', 'replication.slot_holds_wal', what, mend));
    }
    return orOk(
      'replication',
      found,
      standbys === 0 ? 'No standby is connected.' : `${counted(standbys, 'standby', 'standbys')} connected.`,
    );
  },
};
