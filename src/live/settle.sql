-- Since when the changes of these users are complete, and whether every transaction that looked before the mark was there has ended. Runs after
-- the commit of watch.sql.
-- $1 uuid[]  users; the zero UUID is everybody
WITH marked AS (
  UPDATE hookline.stream_watchers w SET settles_at = pg_snapshot_xmax(pg_current_snapshot())
  WHERE w.user_id = ANY ($1::uuid[]) AND w.settles_at IS NULL RETURNING w.user_id, w.settles_at
)
SELECT w.user_id::text AS "userId", w.since_position::float8 AS since,
       coalesce(m.settles_at, w.settles_at) <= pg_snapshot_xmin(pg_current_snapshot()) AS "isSettled"
FROM hookline.stream_watchers w LEFT JOIN marked m USING (user_id) WHERE w.user_id = ANY ($1::uuid[])
