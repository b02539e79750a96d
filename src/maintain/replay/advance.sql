-- Takes one step of a replay. No row: it is not due any more, or another worker takes the step.
-- $1 uuid  the replay
SELECT webhook_id AS "webhookId", state::text AS state, created::float8 AS created, total::float8 AS total FROM hookline.advance_replay($1::uuid)
