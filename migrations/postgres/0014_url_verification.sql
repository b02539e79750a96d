-- URL verification (spec/outbound-webhooks.md, Behaviour): the system posts the token to the URL, the endpoint answers with it.
ALTER TABLE hookline.settings
  -- on_request: when the owner asks. on_create: also for new webhooks and changed URLs. required: besides, events go only to verified webhooks.
  ADD COLUMN IF NOT EXISTS verification text NOT NULL DEFAULT 'on_request'
    CONSTRAINT valid_verification CHECK (verification IN ('on_request', 'on_create', 'required'));

ALTER TABLE public.webhooks
  -- Not NULL while a verification is wanted or under way; the lease is that of the worker which makes the call.
  ADD COLUMN IF NOT EXISTS verification_requested_at timestamptz,
  ADD COLUMN IF NOT EXISTS verification_lease_until timestamptz,
  ADD COLUMN IF NOT EXISTS verification_attempted_at timestamptz,
  ADD COLUMN IF NOT EXISTS verification_error_code varchar(50),
  ADD COLUMN IF NOT EXISTS verification_error text,
  -- Since when a webhook that was verified is not; what waits for it waits from then on.
  ADD COLUMN IF NOT EXISTS unverified_since timestamptz;
CREATE INDEX IF NOT EXISTS webhooks_verification_requested ON public.webhooks (verification_requested_at) WHERE verification_requested_at IS NOT NULL;

-- Asks for a verification, with a fresh token. A worker makes the call within seconds; what came of it stands on the webhook.
CREATE OR REPLACE FUNCTION public.request_webhook_verification(p_webhook_id uuid)
RETURNS TABLE (webhook_id uuid, requested_at timestamptz) LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN QUERY
  UPDATE public.webhooks w SET verification_token = hookline.generate_secret(), verification_requested_at = now(),
         verification_error_code = NULL, verification_error = NULL
  WHERE w.id = p_webhook_id AND (w.user_id = auth.uid() OR hookline.is_service())
  RETURNING w.id, w.verification_requested_at;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'there is no such webhook, or it is not yours' USING ERRCODE = 'HK002', HINT = 'SELECT id, name FROM webhooks lists yours.';
  END IF;
END $$;
REVOKE ALL ON FUNCTION public.request_webhook_verification(uuid) FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION public.request_webhook_verification(uuid) TO authenticated, service_role;

-- Leases up to p_limit verifications that are wanted, the oldest first, but none of p_excluded users. The lease outlasts the call, which takes 30 s at
-- most, by 30 s. The same webhook is called every 2 s at most, however often its owner asks: the URL may be a stranger's. A user has at most 8 under
-- way: one whose endpoints all hang must not take every worker's room.
CREATE OR REPLACE FUNCTION hookline.lease_verifications(p_limit integer, p_excluded uuid[])
RETURNS TABLE (webhook_id uuid, user_id uuid, url text, secrets text[], signature_algorithm varchar, timeout_seconds integer, token varchar)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH wanted AS MATERIALIZED (
    SELECT d.id, row_number() OVER (PARTITION BY d.user_id ORDER BY coalesce(d.verification_lease_until > now(), false) DESC, d.verification_requested_at) AS of_user
    FROM public.webhooks d WHERE d.verification_requested_at IS NOT NULL AND d.user_id <> ALL (p_excluded)
  ), due AS (
    SELECT d.id, least(d.timeout_seconds, 30) AS timeout_seconds FROM public.webhooks d
    WHERE d.id IN (SELECT n.id FROM wanted n WHERE n.of_user <= 8) AND d.verification_requested_at IS NOT NULL
      AND coalesce(d.verification_lease_until <= now(), true) AND coalesce(d.verification_attempted_at <= now() - interval '2 seconds', true)
    ORDER BY d.verification_requested_at LIMIT p_limit FOR NO KEY UPDATE SKIP LOCKED
  )
  UPDATE public.webhooks w SET verification_attempted_at = now(), verification_lease_until = now() + make_interval(secs => 30 + due.timeout_seconds)
  FROM due
  WHERE w.id = due.id
  RETURNING w.id, w.user_id, w.url, hookline.live_secrets(w.secret, w.retired_secrets, w.retired_secrets_until), w.signature_algorithm,
            due.timeout_seconds, w.verification_token
$$;
REVOKE ALL ON FUNCTION hookline.lease_verifications(integer, uuid[]) FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION hookline.lease_verifications(integer, uuid[]) TO service_role;

-- Records what came of a verification: p_error_code NULL when the endpoint answered with the token. false, and the result is dropped, when p_token is
-- not the one that is asked for now: another verification was wanted, or the URL changed meanwhile. That one may then be leased.
CREATE OR REPLACE FUNCTION hookline.record_verification(p_webhook_id uuid, p_token varchar, p_error_code varchar, p_error text)
RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE public.webhooks w SET
    is_verified = p_error_code IS NULL, verified_at = CASE WHEN p_error_code IS NULL THEN now() END,
    unverified_since = CASE WHEN p_error_code IS NOT NULL THEN CASE WHEN w.is_verified THEN now() ELSE w.unverified_since END END,
    verification_requested_at = NULL, verification_lease_until = NULL,
    verification_error_code = p_error_code, verification_error = left(p_error, 1000)
  WHERE w.id = p_webhook_id AND w.verification_token = p_token AND w.verification_requested_at IS NOT NULL;
  IF FOUND THEN
    RETURN true;
  END IF;
  UPDATE public.webhooks w SET verification_lease_until = NULL WHERE w.id = p_webhook_id AND w.verification_lease_until IS NOT NULL;
  RETURN false;
END $$;
REVOKE ALL ON FUNCTION hookline.record_verification(uuid, varchar, varchar, text) FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION hookline.record_verification(uuid, varchar, varchar, text) TO service_role;

-- Where the settings say so, a new webhook is verified unasked.
CREATE OR REPLACE FUNCTION hookline.verify_new_webhook() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT NEW.is_verified AND EXISTS (SELECT FROM hookline.settings s WHERE s.verification <> 'on_request') THEN
    NEW.verification_requested_at := now();
    NEW.verification_token := coalesce(NEW.verification_token, hookline.generate_secret());
  END IF;
  RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION hookline.verify_new_webhook() FROM PUBLIC, anon, authenticated, service_role;
CREATE OR REPLACE TRIGGER webhooks_verify_new BEFORE INSERT ON public.webhooks
FOR EACH ROW EXECUTE FUNCTION hookline.verify_new_webhook();

-- As in 0003; and a changed URL ends the verification under way, or begins one where the settings say so.
CREATE OR REPLACE FUNCTION hookline.follow_webhook_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NEW.url IS DISTINCT FROM OLD.url THEN
    NEW.unverified_since := CASE WHEN OLD.is_verified THEN now() ELSE OLD.unverified_since END;
    NEW.is_verified := false;
    NEW.verified_at := NULL;
    NEW.verification_token := hookline.generate_secret();
    NEW.verification_requested_at := (SELECT now() FROM hookline.settings s WHERE s.verification <> 'on_request');
    NEW.verification_error_code := NULL;
    NEW.verification_error := NULL;
    NEW.paused_since := NULL;
    NEW.paused_until := NULL;
    NEW.failing_since := NULL;
  END IF;
  IF NEW.is_active AND NOT OLD.is_active THEN
    NEW.inactive_since := NULL;
    NEW.disabled_reason := NULL;
    NEW.paused_since := NULL;
    NEW.paused_until := NULL;
    NEW.failing_since := NULL;
  ELSIF OLD.is_active AND NOT NEW.is_active THEN
    NEW.inactive_since := now();
  END IF;
  RETURN NEW;
END $$;

-- A webhook that was verified at last: what waited for it is due now, as when it is made active again.
CREATE OR REPLACE TRIGGER webhooks_verified AFTER UPDATE OF is_verified ON public.webhooks
FOR EACH ROW WHEN (NEW.is_verified AND NOT OLD.is_verified) EXECUTE FUNCTION hookline.webhook_activated();


-- Where verification is required no more, what waited for it is due now.
CREATE OR REPLACE FUNCTION hookline.verification_relaxed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE hookline.queue q SET due_at = greatest(now(), d.next_retry_at)
  FROM public.webhook_deliveries d JOIN public.webhooks w ON w.id = d.webhook_id
  WHERE d.id = q.delivery_id AND NOT w.is_verified AND w.is_active AND q.lease_id IS NULL;
  PERFORM hookline.wake_worker();
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION hookline.verification_relaxed() FROM PUBLIC, anon, authenticated, service_role;
CREATE OR REPLACE TRIGGER settings_verification_relaxed AFTER UPDATE OF verification ON hookline.settings
FOR EACH ROW WHEN (OLD.verification = 'required' AND NEW.verification <> 'required') EXECUTE FUNCTION hookline.verification_relaxed();

-- As in 0008; where verification is required, unverified webhooks are passed over like inactive ones, but for one that was verified until a moment ago:
-- what comes while its URL is verified again waits for it, as long as anything waits. Passed over is also a webhook that somebody is deleting right now:
-- waiting for the end of that let one user hold up, or deadlock, the application's transaction.
CREATE OR REPLACE FUNCTION hookline.fan_out(p_event_id uuid, p_event_type varchar, p_payload jsonb, p_user_id uuid)
RETURNS TABLE (delivery_id uuid, webhook_id uuid, webhook_url text) LANGUAGE sql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
  WITH target AS MATERIALIZED (
    SELECT w.id, w.user_id, w.url, s.event_type, CASE WHEN w.retry_enabled THEN 1 + w.max_retries ELSE 1 END AS max_attempts
    FROM public.webhook_events e
    JOIN public.webhook_event_subscriptions s ON s.event_type = e.event_type
    JOIN public.webhooks w ON w.id = s.webhook_id
    WHERE e.event_type = p_event_type AND e.is_enabled AND s.is_active AND w.is_active
      AND (w.is_verified OR (SELECT n.verification <> 'required' OR w.unverified_since > now() - n.waiting_limit FROM hookline.settings n))
      AND (p_user_id IS NULL OR w.user_id = p_user_id)
      AND (s.filters IS NULL OR hookline.filter_matches(s.filters, p_payload))
    ORDER BY w.id FOR KEY SHARE OF w SKIP LOCKED
  )
  INSERT INTO public.webhook_deliveries (webhook_id, user_id, event_id, event_type, request_url, request_payload, max_attempts)
  SELECT t.id, t.user_id, p_event_id, t.event_type, t.url, p_payload, t.max_attempts FROM target t
  RETURNING id, webhook_id, request_url
$$;

-- As in 0010; where verification is required, what belongs to an unverified webhook is put off like that of an inactive one. By an hour, since both are
-- woken: put off by a minute, a backlog of 200,000 kept the claims of others waiting for 4 s in each.
CREATE OR REPLACE FUNCTION hookline.lease_due(
  p_worker uuid, p_limit integer, p_per_webhook integer, p_bytes bigint, p_retries_only boolean, p_excluded uuid[], p_margin interval)
RETURNS TABLE (delivery_id uuid, lease_id uuid, lease_ends_at timestamptz) LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  v_lease_id CONSTANT uuid := gen_random_uuid();
  v_unverified_too CONSTANT boolean := (SELECT s.verification <> 'required' FROM hookline.settings s);
BEGIN
  FOR v_round IN 1..4 LOOP
    RETURN QUERY
    WITH due AS MATERIALIZED (
      SELECT q.delivery_id, q.webhook_id, q.due_at, q.bytes FROM hookline.queue q
      WHERE q.due_at <= now() AND (q.is_retry OR NOT p_retries_only) AND q.webhook_id <> ALL (p_excluded)
      ORDER BY q.due_at LIMIT p_limit FOR UPDATE SKIP LOCKED
    ), met AS MATERIALIZED (
      SELECT d.*, w.id IS NOT NULL AS is_there, w.paused_until, w.timeout_seconds,
             coalesce(w.is_active AND (w.is_verified OR v_unverified_too), false) AS may_at_all,
             coalesce(w.is_active AND (w.is_verified OR v_unverified_too) AND coalesce(w.paused_until <= now(), true), false) AS may
      FROM due d LEFT JOIN public.webhooks w ON w.id = d.webhook_id
    ), chosen AS (
      SELECT r.delivery_id, r.timeout_seconds FROM (
        SELECT m.delivery_id, m.timeout_seconds, m.of_webhook,
               row_number() OVER in_order AS nth, sum(m.bytes) OVER in_order AS upto
        FROM (SELECT *, row_number() OVER (PARTITION BY webhook_id ORDER BY due_at, delivery_id) AS of_webhook FROM met WHERE may) m
        WHERE m.of_webhook <= p_per_webhook
        WINDOW in_order AS (ORDER BY m.due_at, m.delivery_id)
      ) r WHERE r.upto <= p_bytes OR r.nth = 1
    ), put_off AS (
      UPDATE hookline.queue q
      SET lease_id = NULL, lease_worker = NULL, due_at = greatest(m.paused_until, now() + interval '1 second')
        + CASE WHEN m.may_at_all THEN interval '0' ELSE interval '1 hour' END
      FROM met m WHERE q.delivery_id = m.delivery_id AND m.is_there AND NOT m.may
    ), orphaned AS (
      DELETE FROM hookline.queue q USING met m WHERE q.delivery_id = m.delivery_id AND NOT m.is_there
    )
    UPDATE hookline.queue q
    SET lease_id = v_lease_id, lease_worker = p_worker, due_at = now() + p_margin + make_interval(secs => c.timeout_seconds)
    FROM chosen c WHERE q.delivery_id = c.delivery_id
    RETURNING q.delivery_id, q.lease_id, q.due_at;
    EXIT WHEN FOUND OR NOT EXISTS (
      SELECT FROM hookline.queue q
      WHERE q.due_at <= now() AND (q.is_retry OR NOT p_retries_only) AND q.webhook_id <> ALL (p_excluded));
  END LOOP;
END $$;

-- As in 0011; so are deliveries of a webhook that has to be verified first.
CREATE OR REPLACE FUNCTION hookline.fail_waiting(p_limit integer) RETURNS integer LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_webhooks uuid[];
  v_failed integer;
BEGIN
  -- Webhooks first, as everywhere; one that somebody else holds is left for the next time.
  SELECT array_agg(l.id) INTO v_webhooks FROM (
    SELECT w.id FROM public.webhooks w CROSS JOIN hookline.settings s
    WHERE EXISTS (SELECT FROM hookline.queue q WHERE q.webhook_id = w.id) AND (
          (NOT w.is_active AND coalesce(w.inactive_since, w.created_at) < now() - s.waiting_limit)
       OR (w.is_active AND w.paused_until > now() AND w.paused_since < now() - s.waiting_limit)
       OR (w.is_active AND NOT w.is_verified AND s.verification = 'required' AND coalesce(w.unverified_since, w.created_at) < now() - s.waiting_limit))
    ORDER BY w.id FOR NO KEY UPDATE OF w SKIP LOCKED
  ) l;
  UPDATE public.webhook_deliveries d SET
    status = 'failed', failed_at = now(), next_retry_at = NULL, error_code = o.code,
    error_message = CASE o.code WHEN 'webhook_inactive' THEN 'The webhook was inactive for too long.'
      WHEN 'webhook_unverified' THEN 'The URL of the webhook was unverified for too long.' ELSE 'The webhook was paused for too long.' END
  FROM (
    SELECT q.delivery_id, CASE WHEN NOT w.is_active THEN 'webhook_inactive' WHEN w.is_verified OR s.verification <> 'required' THEN 'expired'
           ELSE 'webhook_unverified' END AS code
    FROM hookline.queue q
    JOIN public.webhooks w ON w.id = q.webhook_id
    JOIN public.webhook_deliveries d ON d.id = q.delivery_id
    CROSS JOIN hookline.settings s
    WHERE q.webhook_id = ANY (v_webhooks) AND q.lease_id IS NULL
      AND greatest(d.created_at, d.next_retry_at) < now() - s.waiting_limit
    LIMIT p_limit FOR UPDATE OF q SKIP LOCKED
  ) o
  WHERE d.id = o.delivery_id;
  GET DIAGNOSTICS v_failed = ROW_COUNT;
  RETURN v_failed;
END $$;
