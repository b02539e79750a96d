-- In how many ms the next delivery is due (0 or less: now); NULL when none waits.
SELECT (extract(epoch FROM min(q.due_at) - clock_timestamp()) * 1000)::float8 AS "inMs" FROM hookline.queue q
