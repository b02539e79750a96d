-- The claim goes by its indexes, whatever the planner last knew of the queue. A queue that is mostly empty when it is analysed looks small enough to
-- be read as a whole; a session that kept such a plan met a burst of a million rows with it: 461 ms and 25,904 buffers for a claim, 7,108 by index.
-- Without jit off, the cost that enable_seqscan adds would have each claim compiled, 25 ms.
DO $$
DECLARE
  v_setting text;
BEGIN
  FOREACH v_setting IN ARRAY ARRAY['jit', 'enable_seqscan', 'enable_bitmapscan', 'enable_hashjoin', 'enable_mergejoin'] LOOP
    EXECUTE format('ALTER FUNCTION hookline.lease_due(uuid, integer, integer, bigint, boolean, uuid[], interval) SET %I = off', v_setting);
  END LOOP;
END $$;
