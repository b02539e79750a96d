-- Rotation of a webhook's secret: the new one signs at once, the ones before it sign beside it until their overlap ends (DESIGN, Headers).
ALTER TABLE public.webhooks
  -- Both or neither, in one order, the oldest first.
  ADD COLUMN IF NOT EXISTS retired_secrets text[],
  ADD COLUMN IF NOT EXISTS retired_secrets_until timestamptz[];

-- The keys that sign now: retired ones whose overlap still runs, the oldest first, and the current one last. X-Webhook-Signature is made with
-- the first, so that a subscriber who has not changed yet goes on verifying.
CREATE OR REPLACE FUNCTION hookline.live_secrets(p_secret text, p_retired text[], p_until timestamptz[]) RETURNS text[] LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp AS $$
  SELECT ARRAY(SELECT r.secret FROM unnest(p_retired, p_until) WITH ORDINALITY r (secret, until, place)
               WHERE r.until > now() ORDER BY r.place) || p_secret
$$;
REVOKE ALL ON FUNCTION hookline.live_secrets(text, text[], timestamptz[]) FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION hookline.live_secrets(text, text[], timestamptz[]) TO service_role;

-- Gives the webhook a new secret. The one before it goes on signing for p_overlap; with an overlap of 0 every earlier one ends now.
CREATE OR REPLACE FUNCTION public.rotate_webhook_secret(p_webhook_id uuid, p_overlap interval DEFAULT '24 hours')
RETURNS TABLE (webhook_secret varchar(255), overlap_ends_at timestamptz) LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_live text[];
  v_webhook public.webhooks;
BEGIN
  SELECT * INTO v_webhook FROM public.webhooks w
  WHERE w.id = p_webhook_id AND (w.user_id = auth.uid() OR hookline.is_service()) FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'there is no such webhook, or it is not yours' USING ERRCODE = 'HK002', HINT = 'SELECT id, name FROM webhooks lists yours.';
  END IF;
  IF p_overlap IS NULL OR p_overlap NOT BETWEEN interval '0' AND interval '30 days' THEN
    RAISE EXCEPTION 'p_overlap is %', coalesce(p_overlap::text, 'NULL')
      USING ERRCODE = 'HK008', HINT = 'An overlap is 0 to 30 days; 0 ends the old secret at once.';
  END IF;
  v_live := hookline.live_secrets(v_webhook.secret, v_webhook.retired_secrets, v_webhook.retired_secrets_until);
  IF p_overlap > interval '0' AND cardinality(v_live) > 4 THEN
    RAISE EXCEPTION 'the webhook has % secrets that still sign', cardinality(v_live)
      USING ERRCODE = 'HK012', HINT = 'End their overlap first, with end_webhook_secret_overlap, or rotate with an overlap of 0.';
  END IF;

  webhook_secret := hookline.generate_secret();
  overlap_ends_at := now() + p_overlap;
  UPDATE public.webhooks w SET secret = webhook_secret, retired_secrets = r.secrets, retired_secrets_until = r.untils
  FROM (
    SELECT array_agg(s.secret ORDER BY s.place) AS secrets, array_agg(s.until ORDER BY s.place) AS untils FROM (
      SELECT o.secret, o.until, o.place FROM unnest(v_webhook.retired_secrets, v_webhook.retired_secrets_until) WITH ORDINALITY o (secret, until, place)
      WHERE o.until > now()
      UNION ALL
      SELECT v_webhook.secret, overlap_ends_at, 1000000
    ) s WHERE p_overlap > interval '0'
  ) r
  WHERE w.id = p_webhook_id;
  RETURN NEXT;
END $$;
REVOKE ALL ON FUNCTION public.rotate_webhook_secret(uuid, interval) FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION public.rotate_webhook_secret(uuid, interval) TO authenticated, service_role;

-- Ends the overlap before its time: from now on the current secret alone signs. Gives how many secrets ended.
CREATE OR REPLACE FUNCTION public.end_webhook_secret_overlap(p_webhook_id uuid)
RETURNS TABLE (ended_count integer) LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  SELECT cardinality(hookline.live_secrets(w.secret, w.retired_secrets, w.retired_secrets_until)) - 1 INTO ended_count FROM public.webhooks w
  WHERE w.id = p_webhook_id AND (w.user_id = auth.uid() OR hookline.is_service()) FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'there is no such webhook, or it is not yours' USING ERRCODE = 'HK002', HINT = 'SELECT id, name FROM webhooks lists yours.';
  END IF;
  UPDATE public.webhooks w SET retired_secrets = NULL, retired_secrets_until = NULL WHERE w.id = p_webhook_id AND w.retired_secrets IS NOT NULL;
  RETURN NEXT;
END $$;
REVOKE ALL ON FUNCTION public.end_webhook_secret_overlap(uuid) FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION public.end_webhook_secret_overlap(uuid) TO authenticated, service_role;

-- As in 0010, but an outside worker gets the key that X-Webhook-Signature is made with: during a rotation the oldest that still signs.
CREATE OR REPLACE FUNCTION public.get_pending_webhook_retries(p_limit integer DEFAULT 100)
RETURNS TABLE (delivery_id uuid, webhook_id uuid, webhook_url text, webhook_secret varchar(255), event_type varchar(100),
               request_payload jsonb, attempt_number integer, max_attempts integer)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_leased uuid[];
BEGIN
  IF p_limit IS NULL OR p_limit NOT BETWEEN 1 AND 1000 THEN
    RAISE EXCEPTION 'p_limit is %', coalesce(p_limit::text, 'NULL') USING ERRCODE = 'HK008', HINT = 'Ask for 1 to 1000 deliveries at a time.';
  END IF;
  -- Two statements: the snapshot of one would be older than the leases, and miss a delivery that committed in between.
  SELECT array_agg(l.delivery_id) INTO v_leased
  FROM hookline.lease_due(NULL, p_limit, p_limit, 67108864, true, '{}', interval '1 minute') l;
  RETURN QUERY
  SELECT d.id, w.id, w.url, (hookline.live_secrets(w.secret, w.retired_secrets, w.retired_secrets_until))[1]::varchar, d.event_type,
         d.request_payload, d.attempt_number, d.max_attempts
  FROM public.webhook_deliveries d JOIN public.webhooks w ON w.id = d.webhook_id
  WHERE d.id = ANY (v_leased)
  ORDER BY d.next_retry_at, d.id;
END $$;
