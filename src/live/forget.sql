-- Removes a batch of changes that are older than an hour, or that a million came after, and marks that have ended; says whether anything is left. What goes
-- without a position takes the next one, so that whoever goes on from before it learns of the gap. Needs lock-order.sql.
-- $1 int  how many at most, of either kind
WITH old AS (
  SELECT c.id FROM hookline.delivery_changes c WHERE c.changed_at < now() - interval '1 hour' LIMIT $1::int FOR UPDATE SKIP LOCKED
), many AS (
  SELECT c.id FROM hookline.delivery_changes c WHERE c.position <= (SELECT s.last_position FROM hookline.stream_state s) - 1000000
  LIMIT $1::int FOR UPDATE SKIP LOCKED
), removed AS (
  DELETE FROM hookline.delivery_changes c WHERE c.id IN (SELECT o.id FROM old o UNION ALL SELECT m.id FROM many m) RETURNING c.position
), counted AS (
  SELECT count(*)::int AS number, max(r.position) AS last, count(*) > count(r.position) AS are_new FROM removed r
), state AS (
  UPDATE hookline.stream_state s SET last_position = s.last_position + c.are_new::int,
    removed_position = greatest(s.removed_position, c.last, CASE WHEN c.are_new THEN s.last_position + 1 END)
  FROM counted c WHERE c.number > 0
), ended AS (
  DELETE FROM hookline.stream_watchers w WHERE w.until < now()
)
SELECT c.number AS removed, EXISTS (SELECT FROM hookline.delivery_changes) OR EXISTS (SELECT FROM hookline.stream_watchers) AS "isLeft" FROM counted c
