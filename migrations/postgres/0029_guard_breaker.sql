-- As in 0020, for the columns of 0023: rate limit and order are the owner's, the breaker is the system's.
CREATE OR REPLACE FUNCTION hookline.guard_webhook() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_owners CONSTANT text[] := ARRAY['name', 'url', 'description', 'signature_algorithm', 'is_active', 'retry_enabled', 'max_retries',
                                    'retry_delay_seconds', 'timeout_seconds', 'metadata', 'rate_limit_per_second', 'rate_limit_burst',
                                    'is_ordered', 'ordering_key_path'];
  v_before jsonb;
  v_column text;
BEGIN
  IF TG_OP = 'UPDATE' THEN
    v_before := to_jsonb(OLD);
  ELSE
    -- A new webhook has what the defaults give; these are made anew, so that nobody chooses them.
    NEW.id := gen_random_uuid();
    NEW.secret := hookline.generate_secret();
    NEW.verification_token := hookline.generate_secret();
    v_before := to_jsonb(NEW) || '{"is_verified": false, "total_deliveries": 0, "successful_deliveries": 0, "failed_deliveries": 0,'
      ' "consecutive_failures": 0, "breaker_probes": 0}'
      || (SELECT jsonb_object_agg(k, NULL::text) FROM unnest(ARRAY[
        'verified_at', 'last_delivery_at', 'last_success_at', 'last_failure_at', 'inactive_since', 'disabled_reason', 'paused_since', 'paused_until',
        'failing_since', 'retired_secrets', 'retired_secrets_until', 'verification_requested_at', 'verification_lease_until',
        'verification_attempted_at', 'verification_error_code', 'verification_error', 'unverified_since', 'breaker_since', 'breaker_until']) k)
      || jsonb_build_object('created_at', now(), 'updated_at', now());
  END IF;
  SELECT n.key INTO v_column FROM jsonb_each(to_jsonb(NEW)) n
  WHERE n.key <> ALL (v_owners) AND n.value IS DISTINCT FROM v_before -> n.key LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'column % of webhooks is the system''s', v_column USING ERRCODE = 'insufficient_privilege',
      HINT = 'A user sets ' || array_to_string(v_owners, ', ') || '.';
  END IF;
  RETURN NEW;
END $$;
