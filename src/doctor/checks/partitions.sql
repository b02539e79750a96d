-- Whether the partitions of what comes now are there. No parameters; as service_role.
SELECT coalesce((SELECT string_agg(t.parent::text, ', ') FROM (
         SELECT p.parent FROM hookline.partitions() p GROUP BY p.parent
         HAVING NOT coalesce(bool_or(p.starts <= now() AND now() < p.ends) FILTER (WHERE NOT p.is_default), false) ORDER BY 1) t), '') AS late,
       c.relkind = 'p' AS "isPartitioned",
       c.relkind = 'r' AND EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.conrelid = c.oid AND k.conname = 'before_partitions') AS "isUnfinished",
       (SELECT count(*) FROM hookline.partitions() p WHERE NOT p.is_default)::int AS count
FROM pg_catalog.pg_class c WHERE c.oid = 'public.webhook_deliveries'::regclass
