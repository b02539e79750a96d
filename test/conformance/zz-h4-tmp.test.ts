import { planetscaleStore } from '@hookline/receiver';
import { Client } from '@planetscale/database';
import { it } from 'vitest';
import { newContent } from '../../packages/receiver/test/store-conformance.js';
import { followUpStatements } from '../../packages/receiver/src/stores/mysql-statements.js';
import { startPlanetscaleGateway } from '../../src/dev/planetscale-gateway/gateway.js';
import { newMariadbDatabase } from '../harness/mariadb-databases.js';
it('perf', async () => {
  const database = await newMariadbDatabase();
  const gateway = await startPlanetscaleGateway({ mysql: database.url, user: 'user', password: 'pscale_pw_1' });
  const client = new Client({ url: gateway.url });
  const store = planetscaleStore({ url: gateway.url });
  const run = async (n: number, f: () => Promise<unknown>) => { let i = 0; const t = performance.now(); await Promise.all(Array.from({ length: 16 }, async () => { while (i++ < n) await f(); })); return Math.round(n / (performance.now() - t) * 1000); };
  const bare = () => client.execute('INSERT INTO ai_content (title, body, category, metadata, channel_id, event_name) VALUES (?, ?, ?, ?, ?, ?)', ['T', 'B', 'general', '{"a":1}', crypto.randomUUID(), 'e']);
  const refused = () => { const { emission: _, ...c } = newContent(); return store.insert({ ...c, callback: { state: 'refused', error: 'x' } }); };
  const leased = () => { const { emission: _, ...c } = newContent(); return store.insert(c); };
  for (let r = 0; r < 7; r++) console.log('RATE bare', await run(1500, bare), 'refused', await run(1500, refused), 'leased', await run(1500, leased));
  const repeat = newContent(); console.log('RATE repeats', await run(500, () => store.insert({ ...repeat })));
  await database.pool.query(`INSERT INTO ai_content (title, idempotency_key, callback_state, callback_next_at, callback_expires_at, event_state, event_next_at, event_expires_at) SELECT 'T', SHA2(CONCAT('x', seq), 256), IF(seq % 50 = 0, 'pending', 'done'), UTC_TIMESTAMP(3), UTC_TIMESTAMP(3) + INTERVAL 300 SECOND, IF(seq % 2 = 0, 'pending', 'done'), UTC_TIMESTAMP(3) + INTERVAL (seq % 5000) SECOND - INTERVAL 20 SECOND, UTC_TIMESTAMP(3) + INTERVAL 20 HOUR FROM seq_1_to_40000`);
  await database.pool.query('ANALYZE TABLE ai_content');
  for (const kind of ['callback', 'event'] as const) {
    const s = followUpStatements(kind, true);
    for (const [name, sql, params] of [['due', s.due(8, false), []], ['late', s.late(500), []], ['take', s.take(8), ['t', 1000, ...Array(8).fill('a'.repeat(64))]], ['taken', s.taken(8), ['t', ...Array(8).fill('a'.repeat(64))]], ['end', s.end, kind === 'event' ? ['done', null, null, 'a', '1', 't'] : ['done', null, 'a', '1', 't']]] as [string, string, unknown[]][]) {
      const [rows] = await database.pool.query('EXPLAIN ' + sql, params);
      const e = (rows as any[])[0]; console.log('PLAN', kind, name, e.type, e.key, e.rows, e.Extra);
    }
  }
  await gateway.close(); await database.drop();
}, 120000);
