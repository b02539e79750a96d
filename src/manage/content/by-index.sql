-- For the rest of the transaction plans go by the order of an index, whatever the planner last knew of the table. Gives the user whose content is wanted, NULL: everybody's.
-- $1 uuid  user, or NULL: whose transaction it is
SELECT coalesce($1::uuid, auth.uid())::text AS user_id, set_config('enable_sort', 'off', true), set_config('enable_seqscan', 'off', true),
       set_config('enable_bitmapscan', 'off', true)
