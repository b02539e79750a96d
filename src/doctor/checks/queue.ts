import { loadSql } from '../../db/sql-file.js';
import { finding, ok } from '../catalogue.js';
import { askOneAsService, type Check } from '../context.js';
import { counted, lasting } from '../told.js';

const QUEUE = loadSql(import.meta.url, './queue.sql');
const BEHIND_AFTER_S = 60;
const STUCK_AFTER_S = 300;

interface Queue {
  readonly ready: number;
  readonly free: number;
  readonly oldestS: number | null;
  readonly webhooksBehind: number;
  readonly leases: number;
}

/** How long what could be delivered has waited. */
export const queue: Check = {
  area: 'queue',
  needs: 'service',
  async run({ db }) {
    const { ready, free, oldestS, webhooksBehind, leases } = await askOneAsService<Queue>(db, QUEUE);
    const waiting = `${counted(ready, 'delivery', 'deliveries')} ready, ${(ready - free).toLocaleString('en-US')} of them held back by their webhooks.`;
    if (oldestS === null || oldestS <= BEHIND_AFTER_S) return [ok('queue', waiting)];
    const oldest = `what nothing holds back has waited for up to ${lasting(oldestS)}`;
    // The embedded database's worker is not there while doctor is.
    if (leases === 0 && oldestS > STUCK_AFTER_S && db.kind === 'postgres') {
      const what = `Nothing is being delivered, and ${oldest}. ${waiting}`;
      const mend = 'Look at workers above, and at their logs: a worker that runs says what keeps it from claiming.';
      return [finding('queue', 'queue.stuck', what, mend)];
    }
    const what = `Deliveries come late: ${oldest}, of ${counted(webhooksBehind, 'webhook')}. ${waiting}`;
    const mend =
      'Few webhooks: their endpoints are slow, and at their cap of calls (hookline.settings.calls_per_webhook). Many: start more workers.';
    return [finding('queue', 'queue.behind', what, mend)];
  },
};
