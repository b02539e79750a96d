-- Audit log: who changed which webhook, subscription, key, event type, replay, signing key or setting, when, and from where (docs/audit-log.md).
ALTER TABLE hookline.settings
  ADD COLUMN IF NOT EXISTS audit_retention_days integer NOT NULL DEFAULT 400
    CONSTRAINT valid_audit_retention_days CHECK (audit_retention_days BETWEEN 30 AND 36500);

CREATE TABLE IF NOT EXISTS hookline.audit_log (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  -- Changes of one transaction keep their order.
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- system: a worker or command of ours. sql: plain SQL, by who logged in.
  actor_kind varchar(20) NOT NULL CONSTRAINT valid_actor_kind CHECK (actor_kind IN ('user', 'api_key', 'portal_token', 'service', 'system', 'sql')),
  -- The user, the key or token, or the login.
  actor_id text,
  -- Who is logged in to PostgreSQL: the settings that tell the rest are whoever's who holds that login.
  login text NOT NULL DEFAULT session_user,
  -- Whose thing it is; NULL: the installation's.
  user_id uuid,
  action varchar(50) NOT NULL,
  thing_kind varchar(30) NOT NULL,
  -- Of a subscription its webhook's, and its name is the event type.
  thing_id text NOT NULL,
  thing_name text,
  -- [{"column", "old", "new"}], or {"column", "is_hidden": true} for what is secret, or long.
  changes jsonb NOT NULL DEFAULT '[]',
  request_id text,
  ip text,
  user_agent text
);
CREATE INDEX IF NOT EXISTS audit_log_at ON hookline.audit_log (at, id);
CREATE INDEX IF NOT EXISTS audit_log_user_id ON hookline.audit_log (user_id, at, id);
CREATE INDEX IF NOT EXISTS audit_log_thing_id ON hookline.audit_log (thing_id, at, id);
CREATE INDEX IF NOT EXISTS audit_log_actor_id ON hookline.audit_log (actor_id, at, id);
CREATE INDEX IF NOT EXISTS audit_log_action ON hookline.audit_log (action, at, id);
SELECT hookline.protect('hookline.audit_log');
GRANT SELECT ON hookline.audit_log TO service_role;

-- Not even the owner of the schema changes an entry by a slip. DELETE is left to retention and erasure, which are the owner's functions.
CREATE OR REPLACE FUNCTION hookline.refuse_audit_change() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE EXCEPTION 'entries of the audit log are not changed' USING ERRCODE = 'insufficient_privilege',
    HINT = 'settings.audit_retention_days says how long they are kept; hookline.erase_user removes those of a user.';
END $$;
REVOKE ALL ON FUNCTION hookline.refuse_audit_change() FROM PUBLIC, anon, authenticated, service_role;
CREATE OR REPLACE TRIGGER audit_log_append_only BEFORE UPDATE OR TRUNCATE ON hookline.audit_log
FOR EACH STATEMENT EXECUTE FUNCTION hookline.refuse_audit_change();

-- How its owner reads it; who sees what is said as in 0017. From where others acted on their things, and who is logged in, is the operator's.
-- Sorted in itself, newest first: a LIMIT may then read an index as far as it goes, and not all that somebody has.
CREATE OR REPLACE VIEW public.webhook_audit_log WITH (security_barrier) AS
WITH entry AS NOT MATERIALIZED (
  SELECT a.id, a.at, a.actor_kind, a.actor_id, a.login, a.user_id, a.action, a.thing_kind, a.thing_id, a.thing_name, a.changes, a.request_id, a.ip, a.user_agent
  FROM hookline.audit_log a
)
SELECT seen.* FROM (
  (SELECT e.id, e.at, e.actor_kind, CASE WHEN e.actor_kind <> 'sql' THEN e.actor_id END AS actor_id, NULL::text AS login, e.user_id, e.action, e.thing_kind,
         e.thing_id, e.thing_name, e.changes, e.request_id, CASE WHEN e.actor_kind IN ('user', 'api_key', 'portal_token') THEN e.ip END AS ip,
         CASE WHEN e.actor_kind IN ('user', 'api_key', 'portal_token') THEN e.user_agent END AS user_agent
  FROM entry e WHERE e.user_id = (SELECT auth.uid()) ORDER BY e.at DESC, e.id DESC)
  UNION ALL
  (SELECT e.* FROM entry e WHERE (SELECT pg_has_role('service_role', 'USAGE')) AND (e.user_id IS NULL OR e.user_id IS DISTINCT FROM (SELECT auth.uid()))
  ORDER BY e.at DESC, e.id DESC)
) seen ORDER BY seen.at DESC, seen.id DESC;
REVOKE ALL ON public.webhook_audit_log FROM PUBLIC, anon, authenticated, service_role;
GRANT SELECT ON public.webhook_audit_log TO authenticated, service_role;

-- Who acts in this transaction, and from where. hookline.audit_origin is what src/db/roles.ts sets: {"actor": "system"}, or request_id, ip and user_agent of a request.
CREATE OR REPLACE FUNCTION hookline.audit_origin(
  OUT actor_kind text, OUT actor_id text, OUT request_id text, OUT ip text, OUT user_agent text) LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_origin CONSTANT jsonb := nullif(current_setting('hookline.audit_origin', true), '')::jsonb;
  v_claims CONSTANT jsonb := nullif(current_setting('request.jwt.claims', true), '')::jsonb;
  v_role CONSTANT text := coalesce(nullif(current_setting('role', true), 'none'), session_user::text);
  v_token CONSTANT text := v_claims ->> 'hookline_token';
BEGIN
  -- A token that is not theirs is none: whoever issues their sign-in may put any claim there.
  IF v_role = 'authenticated' AND v_token ~ '^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$' THEN
    SELECT t.kind, t.id INTO actor_kind, actor_id FROM hookline.access_tokens t WHERE t.id = v_token::uuid AND t.user_id = auth.uid();
  END IF;
  IF actor_kind IS NOT NULL THEN
    NULL;
  ELSIF v_role IN ('authenticated', 'anon') AND auth.uid() IS NOT NULL THEN
    actor_kind := 'user';
    actor_id := auth.uid();
  ELSIF v_role = 'service_role' AND v_origin ->> 'actor' = 'system' THEN
    actor_kind := 'system';
  ELSIF v_role = 'service_role' AND v_claims ->> 'role' = 'service_role' THEN
    actor_kind := 'service';
  ELSE
    actor_kind := 'sql';
    actor_id := session_user;
  END IF;
  request_id := left(coalesce(v_origin ->> 'request_id', nullif(current_setting('hookline.request_id', true), '')), 128);
  ip := left(v_origin ->> 'ip', 64);
  user_agent := left(v_origin ->> 'user_agent', 500);
END $$;
REVOKE ALL ON FUNCTION hookline.audit_origin() FROM PUBLIC, anon, authenticated, service_role;

-- A value as the log has it: of a URL neither user and password nor what its query says, which may be a token. NULL: it is too long to be kept.
CREATE OR REPLACE FUNCTION hookline.audit_value(p_column text, p_value jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN octet_length(v.value::text) <= 4096 THEN v.value END FROM (
    SELECT CASE WHEN p_column = 'url' AND jsonb_typeof(p_value) = 'string'
      THEN to_jsonb(regexp_replace(regexp_replace(p_value #>> '{}', '^([^:]*://)[^/?#]*@', '\1***@'), '[?#].*$', '?***'))
      ELSE coalesce(p_value, 'null') END AS value
  ) v
$$;
REVOKE ALL ON FUNCTION hookline.audit_value(text, jsonb) FROM PUBLIC, anon, authenticated, service_role;

-- What differs between two versions of a row in these columns; of a new or deleted one, what it has or had.
CREATE OR REPLACE FUNCTION hookline.audit_changes(p_old jsonb, p_new jsonb, p_columns text[], p_hidden text[]) RETURNS jsonb LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(jsonb_agg(
    CASE WHEN d.name = ANY (p_hidden) OR d.old IS NULL OR d.new IS NULL THEN jsonb_build_object('column', d.name, 'is_hidden', true)
         WHEN p_old IS NULL THEN jsonb_build_object('column', d.name, 'new', d.new)
         WHEN p_new IS NULL THEN jsonb_build_object('column', d.name, 'old', d.old)
         ELSE jsonb_build_object('column', d.name, 'old', d.old, 'new', d.new) END ORDER BY d.nth), '[]')
  FROM (
    SELECT c.name, c.nth, hookline.audit_value(c.name, p_old -> c.name) AS old, hookline.audit_value(c.name, p_new -> c.name) AS new
    FROM unnest(p_columns || CASE WHEN p_old IS NULL OR p_new IS NULL THEN '{}' ELSE p_hidden END) WITH ORDINALITY c (name, nth)
    WHERE coalesce(p_old -> c.name, 'null') <> coalesce(p_new -> c.name, 'null')
  ) d
$$;
REVOKE ALL ON FUNCTION hookline.audit_changes(jsonb, jsonb, text[], text[]) FROM PUBLIC, anon, authenticated, service_role;

-- Writes a change down, in its own transaction. Arguments of the trigger: the kind of thing, its columns, and those whose values stay hidden.
-- By the row: a trigger of a statement with transition tables takes no list of columns, and would be given every row whose counters change.
CREATE OR REPLACE FUNCTION hookline.audit() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_old CONSTANT jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END;
  v_new CONSTANT jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END;
  v_row CONSTANT jsonb := coalesce(v_new, v_old);
  v_columns CONSTANT text[] := CASE TG_ARGV[1] WHEN '*' THEN ARRAY(SELECT k FROM jsonb_object_keys(v_row) k ORDER BY k) ELSE string_to_array(TG_ARGV[1], ' ') END;
  v_hidden text[] := string_to_array(TG_ARGV[2], ' ');
  v_kind text := TG_ARGV[0];
  v_owners uuid[] := ARRAY[(v_row ->> 'user_id')::uuid];
  v_id text := coalesce(v_row ->> 'id', v_row ->> 'user_id');
  v_name text := v_row ->> 'name';
  v_verb text := CASE TG_OP WHEN 'INSERT' THEN 'created' WHEN 'DELETE' THEN 'deleted' ELSE 'updated' END;
  v_changes jsonb;
  v_at timestamptz := clock_timestamp();
  v_last timestamptz;
BEGIN
  IF v_kind = 'webhook' AND TG_OP = 'UPDATE' AND current_setting('hookline.resealing', true) = 'on' THEN
    -- Secrets are the same as before, encrypted otherwise (0045). Anybody may set the setting: of one that comes into the clear it is believed only while the
    -- encryption is being taken off.
    IF NEW.secret_key_id IS NOT NULL OR (NOT (SELECT s.encrypt_secrets FROM hookline.settings s) AND EXISTS (
      SELECT FROM unnest(OLD.retired_secrets || OLD.secret::text) o (stored) WHERE hookline.secret_key_of(o.stored) IS NOT NULL))
    THEN
      v_hidden := array_remove(array_remove(v_hidden, 'secret'), 'retired_secrets');
    END IF;
  END IF;
  v_changes := hookline.audit_changes(v_old, v_new, v_columns, v_hidden);
  IF TG_OP = 'UPDATE' AND v_changes = '[]' THEN
    RETURN NULL;
  END IF;
  -- It went with its user.
  IF v_kind = 'user_limits' AND TG_OP = 'DELETE' AND hookline.known_user(v_id) IS NULL THEN
    RETURN NULL;
  END IF;

  IF v_kind = 'webhook' AND TG_OP = 'UPDATE' THEN
    v_owners := ARRAY(SELECT DISTINCT u.id FROM unnest(ARRAY[(v_old ->> 'user_id')::uuid, (v_new ->> 'user_id')::uuid]) u (id));
    v_verb := CASE
      WHEN cardinality(v_owners) > 1 THEN 'moved'
      WHEN v_changes @> '[{"column": "secret"}]' THEN 'secret_rotated'
      WHEN v_changes @> '[{"column": "is_active", "new": true}]' THEN 'activated'
      WHEN v_changes @> '[{"column": "is_active", "new": false}]' THEN 'deactivated'
      WHEN EXISTS (SELECT FROM jsonb_array_elements(v_changes) c
                   WHERE c ->> 'column' NOT IN ('is_verified', 'disabled_reason', 'custom_header_names', 'custom_headers_set_at', 'retired_secrets')) THEN 'updated'
      WHEN v_changes @> '[{"column": "custom_headers_set_at"}]' THEN 'headers_set'
      WHEN v_changes @> '[{"column": "is_verified", "new": true}]' THEN 'verified'
      WHEN v_changes @> '[{"column": "is_verified", "new": false}]' THEN 'unverified'
      WHEN v_changes @> '[{"column": "retired_secrets"}]' THEN 'secret_overlap_ended'
      ELSE 'updated' END;
  ELSIF v_kind = 'subscription' THEN
    v_id := v_row ->> 'webhook_id';
    v_name := v_row ->> 'event_type';
    v_owners := ARRAY(SELECT w.user_id FROM public.webhooks w WHERE w.id = v_id::uuid);
    -- It went with its webhook, which is in the log.
    IF v_owners = '{}' THEN
      RETURN NULL;
    END IF;
  ELSIF v_kind = 'access_token' THEN
    v_kind := v_row ->> 'kind';
    v_verb := CASE TG_OP WHEN 'UPDATE' THEN 'revoked' ELSE v_verb END;
  ELSIF v_kind = 'event_type' THEN
    v_id := v_row ->> 'event_type';
    v_name := v_id;
  ELSIF v_kind = 'replay' THEN
    v_name := (SELECT w.name FROM public.webhooks w WHERE w.id = (v_row ->> 'webhook_id')::uuid);
    v_verb := CASE TG_OP WHEN 'UPDATE' THEN 'cancelled' ELSE v_verb END;
  ELSIF v_kind = 'signing_key' THEN
    v_verb := CASE TG_OP WHEN 'UPDATE' THEN 'retired' ELSE v_verb END;
  ELSIF v_kind = 'settings' THEN
    v_id := 'settings';
  END IF;

  -- Where the clock is coarse, as PGlite's, what changes in one transaction keeps its order all the same.
  v_last := to_timestamp(nullif(current_setting('hookline.audit_at', true), '')::float8);
  IF v_last BETWEEN v_at AND v_at + interval '1 second' THEN
    v_at := v_last + interval '1 microsecond';
  END IF;
  PERFORM set_config('hookline.audit_at', extract(epoch FROM v_at)::text, true);

  INSERT INTO hookline.audit_log (at, actor_kind, actor_id, user_id, action, thing_kind, thing_id, thing_name, changes, request_id, ip, user_agent)
  SELECT v_at, o.actor_kind, o.actor_id, u.id, v_kind || '.' || v_verb, v_kind, v_id, v_name, v_changes, o.request_id, o.ip, o.user_agent
  FROM unnest(v_owners) u (id), hookline.audit_origin() o;
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION hookline.audit() FROM PUBLIC, anon, authenticated, service_role;

-- What its owner or the service sets, and what the system decides about it; not what it counts, and what changes with every batch of results.
DO $$
DECLARE
  v_columns CONSTANT text := 'name url description signature_algorithm is_active is_verified disabled_reason retry_enabled max_retries retry_delay_seconds '
    'timeout_seconds metadata rate_limit_per_second rate_limit_burst is_ordered ordering_key_path sign_asymmetric custom_header_names';
  v_hidden CONSTANT text := 'user_id secret retired_secrets custom_headers_set_at';
  v_of CONSTANT text := (SELECT string_agg(c, ', ') FROM unnest(string_to_array(v_columns || ' ' || v_hidden, ' ')) c WHERE c <> 'disabled_reason');
BEGIN
  EXECUTE format('CREATE OR REPLACE TRIGGER webhooks_audit AFTER INSERT OR DELETE ON public.webhooks FOR EACH ROW EXECUTE FUNCTION hookline.audit(''webhook'', %L, %L)',
                 v_columns, v_hidden);
  EXECUTE format('CREATE OR REPLACE TRIGGER webhooks_audit_update AFTER UPDATE OF %s ON public.webhooks FOR EACH ROW EXECUTE FUNCTION hookline.audit(''webhook'', %L, %L)',
                 v_of, v_columns, v_hidden);
END $$;

CREATE OR REPLACE TRIGGER webhook_event_subscriptions_audit AFTER INSERT OR DELETE OR UPDATE OF webhook_id, event_type, is_active, filters
ON public.webhook_event_subscriptions FOR EACH ROW EXECUTE FUNCTION hookline.audit('subscription', 'event_type is_active filters', 'webhook_id');

CREATE OR REPLACE TRIGGER webhook_events_audit AFTER INSERT OR UPDATE OR DELETE ON public.webhook_events
FOR EACH ROW EXECUTE FUNCTION hookline.audit('event_type', 'event_type category description is_enabled payload_schema', '');

-- What ended is removed by the system, and is not in it.
CREATE OR REPLACE TRIGGER access_tokens_audit AFTER INSERT ON hookline.access_tokens
FOR EACH ROW EXECUTE FUNCTION hookline.audit('access_token', 'name access expires_at', '');
CREATE OR REPLACE TRIGGER access_tokens_audit_revocation AFTER UPDATE OF revoked_at ON hookline.access_tokens
FOR EACH ROW WHEN (OLD.revoked_at IS NULL AND NEW.revoked_at IS NOT NULL) EXECUTE FUNCTION hookline.audit('access_token', 'revoked_at', '');
CREATE OR REPLACE TRIGGER access_tokens_audit_deletion AFTER DELETE ON hookline.access_tokens
FOR EACH ROW WHEN (OLD.revoked_at IS NULL AND coalesce(OLD.expires_at > now(), true)) EXECUTE FUNCTION hookline.audit('access_token', 'name access expires_at', '');

CREATE OR REPLACE TRIGGER replays_audit AFTER INSERT ON hookline.replays
FOR EACH ROW EXECUTE FUNCTION hookline.audit('replay', 'webhook_id status_filter since until rate_per_second total', '');
CREATE OR REPLACE TRIGGER replays_audit_cancellation AFTER UPDATE OF state ON hookline.replays
FOR EACH ROW WHEN (NEW.state = 'cancelled' AND OLD.state <> 'cancelled') EXECUTE FUNCTION hookline.audit('replay', 'state created', '');

CREATE OR REPLACE TRIGGER signing_keys_audit AFTER INSERT OR UPDATE OF retired_at, published_until ON hookline.signing_keys
FOR EACH ROW EXECUTE FUNCTION hookline.audit('signing_key', 'retired_at published_until', '');
CREATE OR REPLACE TRIGGER signing_keys_audit_deletion AFTER DELETE ON hookline.signing_keys
FOR EACH ROW WHEN (coalesce(OLD.published_until > now(), true)) EXECUTE FUNCTION hookline.audit('signing_key', 'retired_at published_until', '');

-- The keys that secrets are encrypted with at rest, by their ids.
CREATE OR REPLACE TRIGGER secret_keys_audit AFTER INSERT OR DELETE ON hookline.secret_keys
FOR EACH ROW EXECUTE FUNCTION hookline.audit('secret_key', '', '');

CREATE OR REPLACE TRIGGER settings_audit AFTER UPDATE ON hookline.settings
FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION hookline.audit('settings', '*', '');

-- Removes up to p_limit entries that are older than settings.audit_retention_days, and gives how many.
CREATE OR REPLACE FUNCTION hookline.remove_old_audit(p_limit integer) RETURNS integer LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_removed integer;
BEGIN
  IF p_limit IS NULL OR p_limit NOT BETWEEN 1 AND 100000 THEN
    RAISE EXCEPTION 'p_limit is %', coalesce(p_limit::text, 'NULL') USING ERRCODE = 'HK008', HINT = 'A batch has 1 to 100000 rows.';
  END IF;
  DELETE FROM hookline.audit_log a WHERE a.id = ANY (ARRAY(
    SELECT o.id FROM hookline.audit_log o WHERE o.at < now() - make_interval(days => (SELECT s.audit_retention_days FROM hookline.settings s))
    ORDER BY o.at LIMIT p_limit FOR UPDATE SKIP LOCKED));
  GET DIAGNOSTICS v_removed = ROW_COUNT;
  RETURN v_removed;
END $$;
REVOKE ALL ON FUNCTION hookline.remove_old_audit(integer) FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION hookline.remove_old_audit(integer) TO service_role;

-- As in 0034; and what the audit log has of theirs: addresses and user agents are personal data, too.
CREATE OR REPLACE FUNCTION hookline.erase_user(p_user_id uuid) RETURNS TABLE (kind text, removed bigint) LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_external_id CONSTANT text := (SELECT u.external_user_id FROM hookline.users u WHERE u.user_id = p_user_id);
  v_webhooks uuid[];
BEGIN
  DELETE FROM hookline.access_tokens t WHERE t.user_id = p_user_id;
  kind := 'access_tokens'; GET DIAGNOSTICS removed = ROW_COUNT; RETURN NEXT;
  -- Also those that name the user in their content alone: an event for everyone, a row that came before the user was known. Read before anything is locked.
  DELETE FROM hookline.events e WHERE e.user_id = p_user_id OR (e.user_id IS NULL AND hookline.names_user(e.payload, p_user_id, v_external_id));
  kind := 'events'; GET DIAGNOSTICS removed = ROW_COUNT; RETURN NEXT;
  DELETE FROM public.ai_content c WHERE c.user_id = p_user_id OR (c.user_id IS NULL AND hookline.names_user(c.metadata, p_user_id, v_external_id));
  kind := 'ai_content'; GET DIAGNOSTICS removed = ROW_COUNT; RETURN NEXT;

  -- Webhooks before what hangs on them, as everywhere. Whoever triggers for them or records meanwhile waits, and then finds them gone.
  SELECT array_agg(l.id) INTO v_webhooks FROM (
    SELECT w.id FROM public.webhooks w WHERE w.user_id = p_user_id ORDER BY w.id FOR UPDATE) l;

  -- Attempts go with their deliveries.
  SELECT 'webhook_delivery_attempts', count(*) INTO kind, removed
  FROM hookline.webhook_delivery_attempts a JOIN public.webhook_deliveries d ON d.id = a.delivery_id WHERE d.webhook_id = ANY (v_webhooks);
  RETURN NEXT;
  DELETE FROM public.webhook_deliveries d WHERE d.webhook_id = ANY (v_webhooks);
  kind := 'webhook_deliveries'; GET DIAGNOSTICS removed = ROW_COUNT; RETURN NEXT;
  DELETE FROM hookline.statistics_daily s WHERE s.webhook_id = ANY (v_webhooks);
  kind := 'statistics_daily'; GET DIAGNOSTICS removed = ROW_COUNT; RETURN NEXT;
  DELETE FROM public.webhook_event_subscriptions s WHERE s.webhook_id = ANY (v_webhooks);
  kind := 'webhook_event_subscriptions'; GET DIAGNOSTICS removed = ROW_COUNT; RETURN NEXT;
  DELETE FROM public.webhooks w WHERE w.id = ANY (v_webhooks);
  kind := 'webhooks'; GET DIAGNOSTICS removed = ROW_COUNT; RETURN NEXT;

  DELETE FROM hookline.users u WHERE u.user_id = p_user_id;
  kind := 'external_user_ids'; GET DIAGNOSTICS removed = ROW_COUNT; RETURN NEXT;
  kind := 'users'; removed := 0;
  IF EXISTS (SELECT FROM pg_class c WHERE c.oid = 'auth.users'::regclass AND pg_get_userbyid(c.relowner) = current_user) THEN
    DELETE FROM auth.users u WHERE u.id = p_user_id;
    GET DIAGNOSTICS removed = ROW_COUNT;
  END IF;
  RETURN NEXT;

  -- Last, with what the deletions above have written. That somebody was erased stays, and whoever has the id can tell by its digest that it was this user.
  DELETE FROM hookline.audit_log a WHERE a.user_id = p_user_id OR (a.actor_id = p_user_id::text AND a.actor_kind = 'user');
  kind := 'audit_log'; GET DIAGNOSTICS removed = ROW_COUNT; RETURN NEXT;
  INSERT INTO hookline.audit_log (actor_kind, actor_id, action, thing_kind, thing_id, request_id, ip, user_agent)
  SELECT o.actor_kind, o.actor_id, 'user.erased', 'user', 'sha256:' || encode(sha256(convert_to(p_user_id::text, 'UTF8')), 'hex'), o.request_id, o.ip, o.user_agent
  FROM hookline.audit_origin() o;
END $$;
