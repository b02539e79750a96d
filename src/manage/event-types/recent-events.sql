-- The latest events of a type, a hundred at most, out of the latest ten thousand of all, and of 4 MiB of payload in all, but one at least.
-- $1 text  event type
SELECT l.id::text AS id, l.payload::text AS payload,
       to_char(l.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS created_at
FROM (
  SELECT r.*, sum(octet_length(r.payload::text)) OVER (ORDER BY r.created_at DESC, r.id DESC) AS bytes, row_number() OVER () AS nth
  FROM (
    SELECT e.id, e.payload, e.created_at
    FROM (SELECT v.id, v.event_type, v.payload, v.created_at FROM hookline.events v ORDER BY v.created_at DESC LIMIT 10000) e
    WHERE e.event_type = $1::text ORDER BY e.created_at DESC, e.id DESC LIMIT 100
  ) r
) l
WHERE l.bytes <= 4194304 OR l.nth = 1
