-- Columns of tables and views of ours, in their order, with what a user may do with each.
SELECT n.nspname || '.' || c.relname AS "table",
       a.attname::text AS name,
       format_type(a.atttypid, a.atttypmod) AS type,
       a.attnotnull AS "isRequired",
       pg_get_expr(d.adbin, d.adrelid) AS "default",
       has_column_privilege('authenticated', c.oid, a.attnum, 'SELECT') AS reads,
       has_column_privilege('authenticated', c.oid, a.attnum, 'INSERT') AS creates,
       has_column_privilege('authenticated', c.oid, a.attnum, 'UPDATE') AS changes
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
WHERE n.nspname IN ('public', 'hookline') AND c.relkind IN ('r', 'p', 'v') AND NOT c.relispartition
ORDER BY 1, a.attnum;
