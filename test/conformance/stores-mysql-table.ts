import type { Pool, RowDataPacket } from 'mysql2/promise';
import { ADDED, type StoredRow, type StoreUnderTest } from '../../packages/receiver/test/store-conformance.js';

const TIMES = ['next_at', 'expires_at', 'lease_until'].flatMap((name) => [`callback_${name}`, `event_${name}`]);
const EARLIER = TIMES.map((name) => `${name} = ${name} - INTERVAL ? MICROSECOND`).join(', ');

/** What the suite of the stores sees of `ai_content` and does to it, over a pool whose sessions are in UTC. */
export function mysqlTable(pool: () => Pool): Omit<StoreUnderTest, 'store' | 'forgetful'> {
  return {
    kinds: ['callback', 'event'],
    async addColumns() {
      const columns = Object.entries(ADDED).map(([name, [, type]]) => `ADD COLUMN IF NOT EXISTS ${name} ${type} NULL`);
      await pool().query(`ALTER TABLE ai_content ${columns.join(', ')}`);
    },
    async clear() {
      await pool().query('DELETE FROM ai_content');
    },
    row: (id) => rowOf(pool(), id),
    async age(id, ms) {
      const earlier = TIMES.map(() => ms * 1000);
      await pool().query(`UPDATE ai_content SET ${EARLIER}, updated_at = updated_at WHERE id = ?`, [...earlier, id]);
    },
    async backdate(id) {
      await pool().query(`UPDATE ai_content SET updated_at = '2020-01-01 00:00:00' WHERE id = ?`, [id]);
    },
    async continueIdsAt(id) {
      await pool().query(`ALTER TABLE ai_content AUTO_INCREMENT = ${BigInt(id)}`);
    },
  };
}

async function rowOf(pool: Pool, id: string): Promise<StoredRow> {
  const [rows] = await pool.query<RowDataPacket[]>({
    sql: 'SELECT * FROM ai_content WHERE id = ?',
    values: [id],
    typeCast(field) {
      const text = field.string();
      if (text === null || (field.type !== 'TIMESTAMP' && field.type !== 'DATETIME')) return text;
      return new Date(`${text.replace(' ', 'T')}Z`).toISOString();
    },
  });
  if (rows[0] === undefined) throw new Error(`no row ${id}`);
  return rows[0] as StoredRow;
}
