SELECT (SELECT COUNT(*) FROM ai_content WHERE callback_state = 'pending') AS pending,
       (SELECT COUNT(*) FROM ai_content WHERE callback_state = 'pending' AND callback_next_at < UTC_TIMESTAMP(3) - INTERVAL 5 MINUTE) AS late,
       COUNT(CASE WHEN l.callback_state IN ('failed', 'expired') AND l.created_at > CURRENT_TIMESTAMP - INTERVAL 1 DAY THEN 1 END) AS givenUp,
       COUNT(CASE WHEN l.callback_state = 'refused' AND l.created_at > CURRENT_TIMESTAMP - INTERVAL 1 DAY THEN 1 END) AS refused
  FROM (SELECT callback_state, created_at FROM ai_content ORDER BY id DESC LIMIT 10000) AS l
