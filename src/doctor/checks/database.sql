-- The server and what it is set to. No parameters.
SELECT current_setting('server_version_num')::int AS "versionNumber",
       split_part(current_setting('server_version'), ' ', 1) AS version,
       pg_is_in_recovery() AS "isStandby",
       current_setting('server_encoding') AS encoding,
       current_setting('TimeZone') AS "timeZone",
       current_setting('fsync') AS fsync,
       current_setting('full_page_writes') AS "fullPageWrites",
       -- As the session has it: Hookline turns it off by itself where nothing is lost by it.
       current_setting('synchronous_commit') AS "synchronousCommit",
       current_setting('default_transaction_read_only') AS "readOnly",
       -- As a session begins, whatever this transaction has set. 0: none.
       (SELECT s.reset_val::int FROM pg_catalog.pg_settings s WHERE s.name = 'statement_timeout') AS "statementTimeoutMs",
       (SELECT s.reset_val::int FROM pg_catalog.pg_settings s WHERE s.name = 'lock_timeout') AS "lockTimeoutMs";
