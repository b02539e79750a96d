-- Running replays whose next step is due, those that waited longest first.
-- $1 int  how many at most
SELECT id FROM hookline.replays WHERE state = 'running' AND due_at <= now() ORDER BY due_at LIMIT $1::int
