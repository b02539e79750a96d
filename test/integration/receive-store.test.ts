import { postgresStore } from '@hookline/receiver';
import { pino } from 'pino';
import { describe } from 'vitest';
import { describeStore } from '../../packages/receiver/test/store-conformance.js';
import { ownStore } from '../../src/receive/own-store.js';
import { describeOnEachDatabase } from '../harness/databases.js';

const AGE = `UPDATE ai_content SET callback_next_at = callback_next_at - $2::integer * interval '1 ms',
  callback_lease_until = callback_lease_until - $2::integer * interval '1 ms',
  callback_expires_at = callback_expires_at - $2::integer * interval '1 ms' WHERE id = $1::text::bigint`;
const COUNTS = `SELECT title, repeats, differing_repeats, callback_error FROM ai_content WHERE id = $1::text::bigint`;

describeOnEachDatabase('the store of the receiver', (ctx) => {
  const stores = {
    'over query': () => postgresStore({ query: (text, params) => ctx.db().query(text, params) }),
    'of the server': () => ownStore(ctx.db(), pino({ level: 'silent' })),
  };
  for (const [name, store] of Object.entries(stores)) {
    describe(name, () => {
      describeStore({
        store,
        async clear() {
          await ctx.db().query('DELETE FROM ai_content');
        },
        async counts(id) {
          type Counts = { title: string; repeats: number; differing_repeats: number; callback_error: string | null };
          const { rows } = await ctx.db().query<Counts>(COUNTS, [id]);
          if (rows[0] === undefined) throw new Error(`no row ${id}`);
          return rows[0];
        },
        async age(id, ms) {
          await ctx.db().query(AGE, [id, ms]);
        },
      });
    });
  }
});
