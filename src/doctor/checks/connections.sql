-- How many connections there may be, and how many there are. No parameters. Of sessions of other logins their number and name are shown to anybody.
SELECT current_setting('max_connections')::int AS "most",
       current_setting('superuser_reserved_connections')::int + coalesce(current_setting('reserved_connections', true)::int, 0) AS reserved,
       (SELECT count(*)::int FROM pg_catalog.pg_stat_activity a WHERE a.datid IS NOT NULL AND a.usesysid IS NOT NULL) AS used,
       (SELECT count(*)::int FROM pg_catalog.pg_stat_activity a
         WHERE a.datid = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = current_database())
           AND a.application_name LIKE 'hookline%') AS ours,
       (SELECT r.rolconnlimit FROM pg_catalog.pg_roles r WHERE r.rolname = current_user) AS "loginLimit",
       (SELECT d.datconnlimit FROM pg_catalog.pg_database d WHERE d.datname = current_database()) AS "databaseLimit";
