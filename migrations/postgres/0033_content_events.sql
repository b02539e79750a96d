-- The event of a stored webhook as state on its row, as the callback is: pending → done | failed | expired, or skipped where nobody is to be told. In
-- Hookline's own database it is triggered in the insert's transaction, and never pending; a receiver with another emitter leases it and tries again.
ALTER TABLE public.ai_content
  ADD COLUMN IF NOT EXISTS event_attempts integer NOT NULL DEFAULT 0,
  ADD COLUMN IF NOT EXISTS event_next_at timestamptz,
  ADD COLUMN IF NOT EXISTS event_expires_at timestamptz,
  ADD COLUMN IF NOT EXISTS event_lease text,
  ADD COLUMN IF NOT EXISTS event_lease_until timestamptz;
ALTER TABLE public.ai_content DROP CONSTRAINT IF EXISTS valid_event_state;
UPDATE public.ai_content SET event_state = 'done' WHERE event_state = 'triggered';
ALTER TABLE public.ai_content ADD CONSTRAINT valid_event_state
  CHECK (event_state IN ('pending', 'done', 'failed', 'expired', 'skipped'));
CREATE INDEX IF NOT EXISTS ai_content_events_due ON public.ai_content (event_next_at) WHERE event_state = 'pending';

-- As text that is checked: jsonb writes 1e131000 out in 131,001 digits when it is read, and a few such rows would keep a claim from ever fitting into memory.
DO $$ BEGIN
  IF (SELECT a.atttypid FROM pg_attribute a WHERE a.attrelid = 'public.ai_content'::regclass AND a.attname = 'payload') = 'jsonb'::regtype THEN
    ALTER TABLE public.ai_content ALTER COLUMN payload TYPE json USING payload::text::json;
  END IF;
END $$;

-- Every change sets updated_at but the receiver's own bookkeeping, each write of which changes one of these columns.
CREATE OR REPLACE TRIGGER ai_content_touch_updated_at BEFORE UPDATE ON public.ai_content
FOR EACH ROW WHEN (
  (OLD.repeats, OLD.callback_state, OLD.callback_attempts, OLD.callback_lease, OLD.event_state, OLD.event_attempts, OLD.event_lease, OLD.event_error)
  IS NOT DISTINCT FROM
  (NEW.repeats, NEW.callback_state, NEW.callback_attempts, NEW.callback_lease, NEW.event_state, NEW.event_attempts, NEW.event_lease, NEW.event_error)
) EXECUTE FUNCTION hookline.touch_updated_at();

-- Triggers the event of a received webhook for its user, given by UUID or external id, once for its idempotency key. No such user or type: skipped.
-- p_problem is what a check of the payload against the type's schema found: failed, and nothing is triggered, as with every error that no retry mends;
-- one that may pass (a deadlock, a lack of resources) is raised.
CREATE OR REPLACE FUNCTION hookline.emit_event(
  p_event_type text, p_payload jsonb, p_user text, p_idempotency_key text DEFAULT NULL, p_problem text DEFAULT NULL)
RETURNS TABLE (event_state text, event_id uuid, event_error text) LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  v_enabled boolean;
  v_user uuid := hookline.known_user(p_user);
BEGIN
  SELECT e.is_enabled INTO v_enabled FROM public.webhook_events e WHERE e.event_type = p_event_type;
  event_state := 'skipped';
  IF v_enabled IS NULL THEN
    event_error := 'event_type_not_registered';
  ELSIF NOT v_enabled THEN
    event_error := 'event_type_disabled';
  ELSIF v_user IS NULL THEN
    event_error := 'user_unknown';
  ELSIF p_problem IS NOT NULL THEN
    event_state := 'failed';
    event_error := left(p_problem, 500);
  ELSE
    BEGIN
      SELECT t.event_id INTO STRICT event_id FROM hookline.trigger_event(p_event_type, p_payload, v_user, p_idempotency_key) t;
      event_state := 'done';
    EXCEPTION WHEN OTHERS THEN
      IF SQLSTATE ~ '^(40|53|55|57|58|08)' THEN
        RAISE;
      END IF;
      event_state := 'failed';
      event_error := left(SQLSTATE || ': ' || SQLERRM, 500);
    END;
  END IF;
  RETURN NEXT;
END $$;
REVOKE ALL ON FUNCTION hookline.emit_event(text, jsonb, text, text, text) FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION hookline.emit_event(text, jsonb, text, text, text) TO service_role;

-- From a stored row to its event, in the insert's transaction: what came of it is written on the row, which is locked meanwhile: once done, never
-- again. Its key is that of @hookline/receiver's emitters, so that one beside it tells nobody twice.
DROP FUNCTION IF EXISTS hookline.emit_stored_event(bigint, jsonb);
CREATE OR REPLACE FUNCTION hookline.emit_stored_event(p_content_id bigint, p_payload jsonb, p_problem text DEFAULT NULL)
RETURNS TABLE (event_state text, event_id uuid, event_error text) LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  v_row public.ai_content;
BEGIN
  SELECT * INTO v_row FROM public.ai_content c WHERE c.id = p_content_id FOR NO KEY UPDATE;
  IF NOT FOUND OR v_row.event_state = 'done' THEN
    RETURN QUERY SELECT v_row.event_state, v_row.event_id, v_row.event_error WHERE v_row.id IS NOT NULL;
    RETURN;
  END IF;
  RETURN QUERY UPDATE public.ai_content c SET event_state = t.event_state, event_id = t.event_id, event_error = t.event_error
  FROM hookline.emit_event(v_row.event_name, p_payload, v_row.user_id::text, 'ai_content_' || v_row.id || '_' || v_row.idempotency_key, p_problem) t
  WHERE c.id = p_content_id RETURNING c.event_state, c.event_id, c.event_error;
END $$;
REVOKE ALL ON FUNCTION hookline.emit_stored_event(bigint, jsonb, text) FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION hookline.emit_stored_event(bigint, jsonb, text) TO service_role;
