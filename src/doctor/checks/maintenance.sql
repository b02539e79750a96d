-- What keeps dead rows from being removed, and tables that have many. No parameters. Of sessions of other logins their transactions are not shown.
WITH hot AS (
  SELECT format('%I.%I', n.nspname, c.relname) AS name, c.reloptions, s.n_dead_tup, s.n_live_tup
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_catalog.pg_stat_all_tables s ON s.relid = c.oid
   WHERE c.relkind = 'r' AND (n.nspname = 'hookline' OR (n.nspname = 'public' AND c.relname IN ('webhooks', 'webhook_deliveries', 'ai_content')))
)
SELECT current_setting('autovacuum') AS autovacuum,
       current_setting('track_counts') AS "trackCounts",
       ARRAY(SELECT h.name FROM hot h WHERE EXISTS (
         SELECT FROM unnest(h.reloptions) o (text) WHERE o.text ~* '^autovacuum_enabled=(off|false|no|0)$') ORDER BY h.name) AS "withoutAutovacuum",
       ARRAY(SELECT h.name FROM hot h WHERE h.n_dead_tup > 100000 AND h.n_dead_tup > h.n_live_tup ORDER BY h.n_dead_tup DESC) AS "fullOfDead",
       (SELECT extract(epoch FROM now() - min(a.xact_start))::float8 FROM pg_catalog.pg_stat_activity a
         WHERE a.xact_start IS NOT NULL AND a.state IS NOT NULL AND a.pid <> pg_backend_pid()) AS "oldestTransactionS",
       (SELECT extract(epoch FROM now() - min(p.prepared))::float8 FROM pg_catalog.pg_prepared_xacts p) AS "oldestPreparedS",
       (SELECT max(age(d.datfrozenxid))::int FROM pg_catalog.pg_database d) AS "oldestXid";
