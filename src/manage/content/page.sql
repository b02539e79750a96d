-- Received webhooks of a list, the latest first, by walking over $9 of them at most in the order of one index: what is read is bounded, also where nothing matches.
-- The last one walked over comes as an id without JSON when it does not match: the list goes on there. Only one arm is left when this is planned.
-- $1 uuid    user, or NULL: everybody
-- $2 bigint  id of the row after which the page begins
-- $3 text    event name, or NULL
-- $4 text    state of the callback, or NULL
-- $5 text    state of the event, or NULL
-- $6 text[]  names of a user, one of which the webhook has, or NULL
-- $7 boolean whether users are shown as webhooks name them, where the table knows none
-- $8 int     how many to give
-- $9 int     how many to walk over
SELECT w.id::text AS id,
  CASE WHEN w.matches THEN json_build_object(
    'id', w.id::text, 'title', w.title, 'category', w.category, 'event_name', w.event_name, 'channel_id', w.channel_id,
    'user_id', coalesce(w.user_id::text, CASE WHEN $7::boolean THEN w.metadata ->> 'user_id' END),
    'callback_state', w.callback_state, 'callback_attempts', w.callback_attempts, 'callback_error', w.callback_error,
    'event_state', w.event_state, 'event_id', w.event_id, 'event_error', w.event_error, 'repeats', w.repeats,
    'created_at', to_char(w.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    'updated_at', to_char(w.updated_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))::text END AS json,
  w.nth = $9::integer AS is_cut
FROM (
  SELECT walked.*, row_number() OVER () AS nth,
    ($3::text IS NULL OR walked.event_name = $3) AND ($4::text IS NULL OR walked.callback_state = $4) AND ($5::text IS NULL OR walked.event_state = $5)
      AND ($6::text[] IS NULL OR walked.metadata ->> 'user_id' = ANY ($6)) AS matches
  FROM (
    (SELECT c.id, c.title, c.category, c.event_name, c.channel_id, c.user_id, c.metadata, c.callback_state, c.callback_attempts, c.callback_error,
            c.event_state, c.event_id, c.event_error, c.repeats, c.created_at, c.updated_at
     FROM public.ai_content c WHERE $1::uuid IS NOT NULL AND c.user_id = $1 AND c.id < $2::text::bigint
     ORDER BY c.user_id DESC, c.id DESC LIMIT $9)
    UNION ALL
    (SELECT c.id, c.title, c.category, c.event_name, c.channel_id, c.user_id, c.metadata, c.callback_state, c.callback_attempts, c.callback_error,
            c.event_state, c.event_id, c.event_error, c.repeats, c.created_at, c.updated_at
     FROM public.ai_content c WHERE $1 IS NULL AND c.id < $2::text::bigint
     ORDER BY c.id DESC LIMIT $9)
  ) walked
) w
WHERE w.matches OR w.nth = $9
LIMIT $8::integer
