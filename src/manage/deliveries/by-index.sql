-- For the rest of the transaction plans go by the order of an index, whatever the planner last knew of the table: one that sorts reads the whole history.
-- Only the deliveries of everybody are sorted, those of one moment among themselves. Gives the user whose deliveries are wanted, NULL: everybody's.
-- $1 uuid  user, or NULL: whose transaction it is
-- $2 uuid  webhook, or NULL
SELECT coalesce($1::uuid, auth.uid())::text AS user_id, set_config('enable_sort', 'off', true), set_config('enable_seqscan', 'off', true),
       set_config('enable_bitmapscan', 'off', true),
       set_config('enable_incremental_sort', CASE WHEN coalesce($1, auth.uid(), $2::uuid) IS NULL THEN 'on' ELSE 'off' END, true)
