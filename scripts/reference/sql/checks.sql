-- Checks and unique keys of tables of ours.
SELECT n.nspname || '.' || c.relname AS "table", k.conname::text AS name, pg_get_constraintdef(k.oid) AS definition
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname IN ('public', 'hookline') AND k.contype IN ('c', 'u') AND NOT c.relispartition
ORDER BY 1, 2;
