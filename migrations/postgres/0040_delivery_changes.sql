-- Live streams of deliveries (src/live): each change of a delivery of a watched user is written down here, kept for an hour, and read in order.

-- Whose changes are written: of a user, or of everybody (the zero UUID). It outlives the stream by an hour, so that one that broke off can go on.
CREATE TABLE IF NOT EXISTS hookline.stream_watchers (
  user_id uuid PRIMARY KEY,
  -- Nothing after this position is missing, once every transaction before settles_at has ended: those looked before the mark was there.
  since_position bigint NOT NULL,
  settles_at xid8,
  until timestamptz NOT NULL,
  -- A stream is open until then: NOTIFY serialises commits, so it is for those alone who listen.
  listened_until timestamptz NOT NULL
) WITH (fillfactor = 50);

-- Until when anybody watches, in seconds since 1970, for transactions whose snapshot is older than the mark above (REPEATABLE READ): what a sequence holds
-- is of now in any snapshot.
CREATE SEQUENCE IF NOT EXISTS hookline.watched_until;
CREATE OR REPLACE FUNCTION hookline.mark_watched() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM setval('hookline.watched_until', ceil(extract(epoch FROM NEW.until))::bigint);
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION hookline.mark_watched() FROM PUBLIC, anon, authenticated, service_role;
CREATE OR REPLACE TRIGGER stream_watchers_mark AFTER INSERT OR UPDATE OF until ON hookline.stream_watchers
FOR EACH ROW EXECUTE FUNCTION hookline.mark_watched();

-- One row. last_position is of the last change that has its place in the order, removed_position of the last one that was removed.
-- Whoever gives out positions locks it.
CREATE TABLE IF NOT EXISTS hookline.stream_state (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  last_position bigint NOT NULL DEFAULT 0,
  removed_position bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 50);
INSERT INTO hookline.stream_state DEFAULT VALUES ON CONFLICT DO NOTHING;

-- position is given after the commit, by a reader: in the order of ids a reader would pass over what commits late.
CREATE TABLE IF NOT EXISTS hookline.delivery_changes (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  position bigint UNIQUE,
  kind varchar(20) NOT NULL CONSTRAINT valid_kind CHECK (kind IN ('created', 'attempted', 'succeeded', 'failed', 'retrying')),
  user_id uuid NOT NULL,
  webhook_id uuid NOT NULL REFERENCES public.webhooks (id) ON DELETE CASCADE,
  event_type varchar(100) NOT NULL,
  status varchar(20) NOT NULL,
  -- The delivery as it was then, without payload and bodies.
  delivery json NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX IF NOT EXISTS delivery_changes_user_id ON hookline.delivery_changes (user_id, position);
CREATE INDEX IF NOT EXISTS delivery_changes_webhook_id ON hookline.delivery_changes (webhook_id);
CREATE INDEX IF NOT EXISTS delivery_changes_changed_at ON hookline.delivery_changes (changed_at);
CREATE INDEX IF NOT EXISTS delivery_changes_new ON hookline.delivery_changes (id) WHERE position IS NULL;

SELECT hookline.protect('hookline.stream_watchers');
SELECT hookline.protect('hookline.stream_state');
SELECT hookline.protect('hookline.delivery_changes');
GRANT SELECT, INSERT, UPDATE, DELETE ON hookline.stream_watchers, hookline.delivery_changes TO service_role;
GRANT SELECT, UPDATE ON hookline.stream_state TO service_role;

-- How users read theirs; who sees what is said as in 0017.
CREATE OR REPLACE VIEW public.webhook_delivery_changes WITH (security_barrier) AS
WITH change AS NOT MATERIALIZED (
  SELECT c.position, c.kind, c.user_id, c.webhook_id, c.event_type, c.status, c.delivery, c.changed_at
  FROM hookline.delivery_changes c WHERE c.position IS NOT NULL
)
SELECT seen.* FROM (
  SELECT c.* FROM change c WHERE c.user_id = (SELECT auth.uid())
  UNION ALL
  SELECT c.* FROM change c WHERE (SELECT pg_has_role('service_role', 'USAGE')) AND c.user_id IS DISTINCT FROM (SELECT auth.uid())
) seen;
REVOKE ALL ON public.webhook_delivery_changes FROM PUBLIC, anon, authenticated, service_role;
GRANT SELECT ON public.webhook_delivery_changes TO authenticated, service_role;

-- Once for each statement, not for each row: whether anybody is watched. Without transition tables, which have every row of a batch copied (0032).
CREATE OR REPLACE FUNCTION hookline.look_for_watchers() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_is_watched boolean;
BEGIN
  -- It has an id before it looks, so that who begins to watch meanwhile knows of it (settles_at).
  PERFORM pg_current_xact_id();
  IF current_setting('transaction_isolation') IN ('repeatable read', 'serializable') THEN
    SELECT s.last_value > extract(epoch FROM clock_timestamp()) INTO v_is_watched FROM hookline.watched_until s;
  ELSE
    v_is_watched := EXISTS (SELECT FROM hookline.stream_watchers w WHERE w.until > now());
  END IF;
  IF v_is_watched THEN
    PERFORM set_config('hookline.watching', 'on', true);
  ELSIF current_setting('hookline.watching', true) = 'on' THEN
    PERFORM set_config('hookline.watching', '', true);
  END IF;
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION hookline.look_for_watchers() FROM PUBLIC, anon, authenticated, service_role;
CREATE OR REPLACE TRIGGER webhook_deliveries_look_for_watchers BEFORE INSERT OR UPDATE ON public.webhook_deliveries
FOR EACH STATEMENT EXECUTE FUNCTION hookline.look_for_watchers();

-- Writes a change down, when its user is watched.
CREATE OR REPLACE FUNCTION hookline.note_delivery_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_is_listened boolean;
  v_kind text;
BEGIN
  IF TG_OP = 'INSERT' THEN
    v_kind := 'created';
  ELSIF (OLD.status, OLD.attempt_number, OLD.next_retry_at) IS NOT DISTINCT FROM (NEW.status, NEW.attempt_number, NEW.next_retry_at) THEN
    RETURN NULL;
  ELSE
    v_kind := CASE WHEN NEW.status = 'success' THEN 'succeeded' WHEN NEW.status = 'failed' THEN 'failed'
      WHEN NEW.status = 'retrying' AND OLD.status <> 'retrying' THEN 'retrying' ELSE 'attempted' END;
  END IF;
  SELECT bool_or(w.listened_until > now()) INTO v_is_listened FROM hookline.stream_watchers w
  WHERE w.user_id IN (NEW.user_id, '00000000-0000-0000-0000-000000000000') AND w.until > now();
  IF v_is_listened IS NULL THEN
    IF current_setting('transaction_isolation') NOT IN ('repeatable read', 'serializable') THEN
      RETURN NULL;
    END IF;
    -- Such a snapshot does not tell who watches.
    v_is_listened := true;
  END IF;
  INSERT INTO hookline.delivery_changes (kind, user_id, webhook_id, event_type, status, delivery)
  VALUES (v_kind, NEW.user_id, NEW.webhook_id, NEW.event_type, NEW.status, json_build_object(
    'id', NEW.id, 'webhook_id', NEW.webhook_id, 'user_id', NEW.user_id, 'event_id', NEW.event_id, 'event_type', NEW.event_type,
    'status', NEW.status, 'attempt_number', NEW.attempt_number, 'max_attempts', NEW.max_attempts, 'request_url', NEW.request_url,
    'response_status', NEW.response_status, 'response_time_ms', NEW.response_time_ms,
    'error_code', NEW.error_code, 'error_message', NEW.error_message, 'replay_of', NEW.replay_of,
    'next_retry_at', to_char(NEW.next_retry_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    'created_at', to_char(NEW.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    'attempted_at', to_char(NEW.attempted_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    'delivered_at', to_char(NEW.delivered_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    'failed_at', to_char(NEW.failed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')));
  IF v_is_listened THEN
    -- PostgreSQL sends one for a transaction, however often it is said.
    PERFORM pg_notify('hookline_changes', '');
  END IF;
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION hookline.note_delivery_change() FROM PUBLIC, anon, authenticated, service_role;
CREATE OR REPLACE TRIGGER webhook_deliveries_note_change AFTER INSERT OR UPDATE ON public.webhook_deliveries
FOR EACH ROW WHEN (current_setting('hookline.watching', true) = 'on') EXECUTE FUNCTION hookline.note_delivery_change();
