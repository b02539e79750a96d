-- The ids of entries of the audit log, newest first, by index, for the service: the view that users have has no order to go by.
-- $1 uuid  whose things they are about, or NULL: everybody's and the installation's
-- $2 text  action, or NULL      $3 text  thing, or NULL      $4 text  actor, or NULL
-- $5 timestamptz, $6 timestamptz  since and until when, both included, or NULL
-- $7 timestamptz, $8 uuid  the place after which they begin, or NULL
-- $9 int   how many to give
SELECT array_agg(p.id::text) AS ids FROM (
  SELECT a.id FROM hookline.audit_log a
  WHERE ($1::uuid IS NULL OR a.user_id = $1) AND ($2::text IS NULL OR a.action = $2) AND ($3::text IS NULL OR a.thing_id = $3)
    AND ($4::text IS NULL OR a.actor_id = $4) AND ($5::timestamptz IS NULL OR a.at >= $5) AND ($6::timestamptz IS NULL OR a.at <= $6)
    AND ($7::timestamptz IS NULL OR (a.at, a.id) < ($7, $8::uuid))
  ORDER BY a.at DESC, a.id DESC LIMIT $9::integer
) p
