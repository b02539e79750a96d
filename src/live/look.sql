-- How far the order goes, whether something waits for its place in it, and whose changes came since.
-- $1 float8  the position of the last look
SELECT s.last_position::float8 AS last, s.removed_position::float8 AS removed,
       EXISTS (SELECT FROM hookline.delivery_changes c WHERE c.position IS NULL) AS "isMore",
       (SELECT coalesce(string_agg(DISTINCT c.user_id::text, ','), '') FROM hookline.delivery_changes c
        WHERE c.position > $1::float8::bigint AND c.position <= s.last_position) AS "userIds"
FROM hookline.stream_state s
