import { openReceiverStore } from '../../receive/receiver-store.js';
import { migrateStoreHint, stateOfStore } from '../../start/check-receiver-store.js';
import { finding, ok, skipped } from '../catalogue.js';
import type { Check } from '../context.js';
import { silent } from '../silent.js';
import { causeOf } from '../told.js';

/** The database that received AI webhooks are stored in, where it is another one. */
export const receiver: Check = {
  area: 'receiver',
  needs: 'nothing',
  async run({ config, db }) {
    if (config.receiverUrl === undefined && config.planetscale === undefined) {
      return [skipped('receiver', 'AI webhooks are stored in the database itself.')];
    }
    const { store, close } = openReceiverStore(db, silent, config);
    try {
      const seen = await stateOfStore(store);
      if (seen.state === 'serves') return [ok('receiver', `The store of AI webhooks (${store.name}) answers.`)];
      if (seen.state === 'not_migrated') {
        const what = `The store of AI webhooks (${store.name}) lacks the table ai_content, or columns of it.`;
        return [finding('receiver', 'receiver.not_migrated', what, migrateStoreHint(store))];
      }
      const what = `The store of AI webhooks (${store.name}) gives no answer that can be used: ${causeOf(seen.error)}. They are answered 503.`;
      const mend = 'Is it running, and are HOOKLINE_RECEIVER_URL, or PLANETSCALE_HOST, _USERNAME and _PASSWORD right?';
      return [finding('receiver', 'receiver.unreachable', what, mend)];
    } finally {
      await close();
    }
  },
};
