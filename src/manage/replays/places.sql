-- The ids of bulk replays, newest first, by index, for the service: the view that users have has no order to go by.
-- $1 uuid        user, or NULL: everybody
-- $2 text        state, or NULL
-- $3 timestamptz, $4 uuid  the place after which they begin, or NULL
-- $5 int         how many to give
SELECT array_agg(p.id::text) AS ids FROM (
  SELECT r.id FROM hookline.replays r
  WHERE ($1::uuid IS NULL OR r.user_id = $1) AND ($2::text IS NULL OR r.state = $2)
    AND ($3::timestamptz IS NULL OR (r.created_at, r.id) < ($3, $4::uuid))
  ORDER BY r.created_at DESC, r.id DESC LIMIT $5::integer
) p
