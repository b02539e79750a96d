-- What tells this database from others, so that installations may share a Redis. No parameters.
SELECT left(md5(s.installation::text || d.oid::text), 12) AS installation
  FROM hookline.settings s CROSS JOIN pg_catalog.pg_database d WHERE d.datname = current_database();
