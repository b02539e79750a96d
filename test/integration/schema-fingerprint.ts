import type { Database } from '../../src/db/database.js';

/** One line for each thing in the schemas that migrations touch, without ids and places in the catalogue. */
const SCHEMA = `
  WITH ours AS (SELECT oid, nspname FROM pg_namespace WHERE nspname IN ('public', 'hookline', 'auth')),
  relation AS (SELECT c.*, n.nspname FROM pg_class c JOIN ours n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'v', 'S'))
  SELECT format('schema %s %s', nspname, (SELECT nspacl FROM pg_namespace x WHERE x.oid = ours.oid)) AS line FROM ours
  UNION ALL
  SELECT format('relation %s.%s %s %s %s %s %s', nspname, relname, relkind, relacl, relrowsecurity, relforcerowsecurity, reloptions) FROM relation
  UNION ALL
  SELECT format('column %s.%s.%s %s %s %s %s', r.nspname, r.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
                pg_get_expr(d.adbin, d.adrelid), a.attacl)
  FROM relation r JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
  LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  UNION ALL
  SELECT format('constraint %s.%s %s %s', r.nspname, r.relname, k.conname, pg_get_constraintdef(k.oid)) FROM relation r JOIN pg_constraint k ON k.conrelid = r.oid
  UNION ALL
  SELECT format('index %s', pg_get_indexdef(i.indexrelid)) FROM relation r JOIN pg_index i ON i.indrelid = r.oid
  UNION ALL
  SELECT format('policy %s', p) FROM pg_policies p WHERE p.schemaname IN (SELECT nspname FROM ours)
  UNION ALL
  SELECT format('trigger %s', pg_get_triggerdef(t.oid)) FROM relation r JOIN pg_trigger t ON t.tgrelid = r.oid AND NOT t.tgisinternal
  UNION ALL
  SELECT format('function %s %s', pg_get_functiondef(f.oid), f.proacl) FROM pg_proc f JOIN ours n ON n.oid = f.pronamespace
  UNION ALL
  SELECT format('role %s %s %s %s', rolname, rolcanlogin, rolinherit, rolbypassrls) FROM pg_roles
  WHERE rolname IN ('anon', 'authenticated', 'service_role', 'hookline_login')
  UNION ALL
  SELECT format('member %s of %s', member::regrole, roleid::regrole) FROM pg_auth_members
  WHERE roleid::regrole::text IN ('anon', 'authenticated', 'service_role') AND member::regrole::text IN (current_user, 'hookline_login')
  ORDER BY 1`;

/**
 * What stands in a database: the definition of everything in public, hookline and auth, and the rows that migrations write.
 * Of the roles, which belong to the whole server, only what migrations set: other tests make roles at the same time.
 */
export async function schemaFingerprint(db: Database): Promise<string[]> {
  const { rows } = await db.query<{ line: string }>(SCHEMA, []);
  const lines = rows.map(({ line }) => line);
  for (const table of ['public.webhook_events', 'hookline.settings', 'hookline.migrations']) {
    const there = await db.query('SELECT 1 WHERE to_regclass($1) IS NOT NULL', [table]);
    if (there.rowCount === 0) continue;
    const data = await db.query<{ line: string }>(`SELECT t::text AS line FROM ${table} t ORDER BY 1`, []);
    lines.push(...data.rows.map(({ line }) => `${table} ${line}`));
  }
  return lines;
}
