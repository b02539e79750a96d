-- The workers that have signed on, and the versions of the processes that are connected, which stand in the name of each connection. No parameters.
SELECT count(*) FILTER (WHERE w.heartbeat_at > now() - interval '15 seconds')::int AS live,
       coalesce((array_agg(w.name ORDER BY w.heartbeat_at DESC) FILTER (WHERE w.heartbeat_at <= now() - interval '15 seconds'))[1:3], '{}') AS quiet,
       ARRAY(SELECT DISTINCT substring(a.application_name FROM '^hookline (\d\S*)$') FROM pg_catalog.pg_stat_activity a
              WHERE a.application_name ~ '^hookline \d'
                AND a.datid = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = current_database()) ORDER BY 1) AS versions
  FROM hookline.workers w;
