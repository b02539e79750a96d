import { loadSql } from '../../db/sql-file.js';
import { type Finding, finding, orOk } from '../catalogue.js';
import { askOneAsService, type Check } from '../context.js';
import { counted } from '../told.js';

const PARTITIONS = loadSql(import.meta.url, './partitions.sql');

interface Partitions {
  readonly late: string;
  readonly isPartitioned: boolean;
  readonly isUnfinished: boolean;
  readonly count: number;
}

/** That partitions are made ahead, and that deliveries are not half-way to theirs. */
export const partitions: Check = {
  area: 'partitions',
  needs: 'service',
  async run({ db }) {
    const { late, isPartitioned, isUnfinished, count } = await askOneAsService<Partitions>(db, PARTITIONS);
    const found: Finding[] = [];
    if (late !== '') {
      const what = `No partition of now was made for ${late}: rows go into the default partition, which is not dropped, but cleaned row by row.`;
      const mend =
        'Run `hookline worker`, which makes partitions ahead; it says in its log what keeps it from doing so (partitions.held_up).';
      found.push(finding('partitions', 'partitions.late', what, mend));
    }
    if (isUnfinished) {
      const what =
        '`hookline partition deliveries` was begun and not ended: workers take back what it left a day before it would refuse deliveries.';
      found.push(finding('partitions', 'partitions.unfinished', what, 'Run `hookline partition deliveries` again.'));
    }
    const where = isPartitioned ? 'Deliveries and attempts are' : 'Attempts are';
    return orOk('partitions', found, `${where} in ${counted(count, 'partition')}.`);
  },
};
