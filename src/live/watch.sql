-- Has the changes of these users written down, from the commit on, for as long as streams may come back.
-- $1 uuid[]  users; the zero UUID is everybody
INSERT INTO hookline.stream_watchers AS w (user_id, since_position, until, listened_until)
SELECT u.id, s.last_position, now() + interval '1 hour', now() + interval '1 minute'
FROM (SELECT DISTINCT u.id FROM unnest($1::uuid[]) u (id)) u CROSS JOIN hookline.stream_state s ORDER BY u.id
ON CONFLICT (user_id) DO UPDATE SET until = excluded.until, listened_until = excluded.listened_until,
  since_position = CASE WHEN w.until > now() THEN w.since_position ELSE excluded.since_position END,
  settles_at = CASE WHEN w.until > now() THEN w.settles_at END
