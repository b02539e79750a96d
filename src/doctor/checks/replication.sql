-- Standbys, and slots that keep the write-ahead log for one that does not come. No parameters. What a login may not see is NULL.
SELECT (SELECT count(*)::int FROM pg_catalog.pg_stat_replication) AS standbys,
       (SELECT extract(epoch FROM max(r.replay_lag))::float8 FROM pg_catalog.pg_stat_replication r) AS "lagS",
       (SELECT json_agg(json_build_object('name', s.slot_name, 'mebibytes', s.held / 1048576) ORDER BY s.held DESC)
          FROM (SELECT t.slot_name, pg_wal_lsn_diff(pg_current_wal_lsn(), t.restart_lsn)::bigint AS held
                  FROM pg_catalog.pg_replication_slots t WHERE NOT t.active AND t.restart_lsn IS NOT NULL) s
         WHERE s.held > $1::bigint)::text AS slots;
