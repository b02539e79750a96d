import { postgresStore } from '@hookline/receiver';
import { pino } from 'pino';
import { describe } from 'vitest';
import {
  ADDED,
  describeStore,
  type StoredRow,
  type StoreUnderTest,
} from '../../packages/receiver/test/store-conformance.js';
import type { Database } from '../../src/db/database.js';
import { ownStore } from '../../src/receive/own-store.js';
import { type DatabaseContext, describeOnEachDatabase } from '../harness/databases.js';

const ROW = `SELECT (SELECT jsonb_object_agg(key, value) FROM jsonb_each_text(to_jsonb(c))) || jsonb_build_object('payload', c.payload::text)
  AS row FROM ai_content c WHERE id = $1::text::bigint`;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?[+-]\d\d:\d\d$/;
const TIMES = ['next_at', 'expires_at', 'lease_until'].flatMap((name) => [`callback_${name}`, `event_${name}`]);
const AGE = `UPDATE ai_content SET ${TIMES.map((name) => `${name} = ${name} - $2::bigint * interval '1 ms'`).join(', ')}
  WHERE id = $1::text::bigint`;
const BACKDATE = `UPDATE ai_content SET updated_at = '2020-01-01T00:00:00Z' WHERE id = $1::text::bigint`;

describeOnEachDatabase('the store of the receiver', (ctx) => {
  const overQuery = (keepPayload: boolean) =>
    postgresStore({ query: (text, params) => ctx.db().query(text, params), keepPayload });
  describe('over query', () => {
    describeStore({
      ...table(ctx),
      store: () => overQuery(true),
      forgetful: () => overQuery(false),
      kinds: ['callback', 'event'],
    });
  });
  describe('of the server, which triggers events in the insert', () => {
    describeStore({
      ...table(ctx),
      store: () => ownStore(ctx.db(), pino({ level: 'silent' })),
      kinds: ['callback'],
    });
  });
});

function table(ctx: DatabaseContext): Omit<StoreUnderTest, 'store' | 'kinds'> {
  return {
    async addColumns() {
      const columns = Object.entries(ADDED).map(([name, [type]]) => `ADD COLUMN IF NOT EXISTS ${name} ${type}`);
      await ctx.db().query(`ALTER TABLE ai_content ${columns.join(', ')}`);
    },
    async clear() {
      await ctx.db().query('DELETE FROM ai_content');
    },
    async row(id) {
      const { rows } = await ctx.db().query<{ row: StoredRow }>(ROW, [id]);
      if (rows[0] === undefined) throw new Error(`no row ${id}`);
      return Object.fromEntries(
        Object.entries(rows[0].row).map(([name, value]) => [
          name,
          value !== null && TIME.test(value) ? new Date(value).toISOString() : value,
        ]),
      );
    },
    age: (id, ms) => withoutTriggers(ctx.db(), AGE, [id, ms]),
    backdate: (id) => withoutTriggers(ctx.db(), BACKDATE, [id]),
    async continueIdsAt(id) {
      await ctx.db().query(`SELECT setval('ai_content_id_seq', $1::text::bigint, false)`, [id]);
    },
  };
}

/** As a superuser of the test may: a trigger would set updated_at. */
async function withoutTriggers(db: Database, statement: string, params: (string | number)[]): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.query('SET LOCAL session_replication_role = replica');
    await tx.query(statement, params);
  });
}
