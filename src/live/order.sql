-- Gives the changes that have committed since the last time their positions. Passes over those that go with their webhook now.
-- Gives how many; no row when there is none. Needs lock-order.sql.
-- $1 int  how many at most
WITH fresh AS MATERIALIZED (
  SELECT c.id FROM hookline.delivery_changes c WHERE c.position IS NULL ORDER BY c.id LIMIT $1::int FOR UPDATE SKIP LOCKED
), placed AS (
  UPDATE hookline.delivery_changes c SET position = s.last_position + f.nth
  FROM (SELECT f.id, row_number() OVER (ORDER BY f.id) AS nth FROM fresh f) f, hookline.stream_state s
  WHERE c.id = f.id RETURNING f.nth
)
UPDATE hookline.stream_state s SET last_position = s.last_position + p.number
FROM (SELECT max(p.nth) AS number FROM placed p) p WHERE p.number > 0 RETURNING p.number::int AS number
