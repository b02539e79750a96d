-- The name of the queue: of this database alone, so that installations may share a Redis.
SELECT 'deliveries-' || left(md5(s.installation::text || d.oid::text), 12) AS name
FROM hookline.settings s CROSS JOIN pg_catalog.pg_database d WHERE d.datname = current_database()
