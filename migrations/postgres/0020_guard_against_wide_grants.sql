-- What is the system's stays the system's, also where somebody granted users more than these migrations do, as
-- GRANT ALL ON ALL TABLES (or FUNCTIONS) IN SCHEMA public TO anon, authenticated does, which restores Supabase's defaults. Deliveries, event types and AI content
-- have no policy that lets a user write.

-- Refuses a user's own statement that sets or changes what is not theirs. Our functions run as their owner; the trigger's condition passes them over.
CREATE OR REPLACE FUNCTION hookline.guard_webhook() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_owners CONSTANT text[] := ARRAY['name', 'url', 'description', 'signature_algorithm', 'is_active', 'retry_enabled', 'max_retries',
                                    'retry_delay_seconds', 'timeout_seconds', 'metadata'];
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
    v_before := to_jsonb(NEW) || '{"is_verified": false, "total_deliveries": 0, "successful_deliveries": 0, "failed_deliveries": 0}'
      || (SELECT jsonb_object_agg(k, NULL::text) FROM unnest(ARRAY[
        'verified_at', 'last_delivery_at', 'last_success_at', 'last_failure_at', 'inactive_since', 'disabled_reason', 'paused_since', 'paused_until',
        'failing_since', 'retired_secrets', 'retired_secrets_until', 'verification_requested_at', 'verification_lease_until',
        'verification_attempted_at', 'verification_error_code', 'verification_error', 'unverified_since']) k)
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
REVOKE ALL ON FUNCTION hookline.guard_webhook() FROM PUBLIC, anon, authenticated, service_role;
-- Triggers run in the order of their names: this one before those that follow a change with the system's columns.
CREATE OR REPLACE TRIGGER webhooks_allow_owners_columns BEFORE INSERT OR UPDATE ON public.webhooks
FOR EACH ROW WHEN (current_user IN ('authenticated', 'anon')) EXECUTE FUNCTION hookline.guard_webhook();

-- Row Level Security does not hold for TRUNCATE: one user would empty what is everybody's.
CREATE OR REPLACE FUNCTION hookline.refuse_truncate() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE EXCEPTION 'users may not truncate %', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege', HINT = 'DELETE removes rows of one''s own.';
END $$;
REVOKE ALL ON FUNCTION hookline.refuse_truncate() FROM PUBLIC, anon, authenticated, service_role;
DO $$
DECLARE
  v_table text;
BEGIN
  FOREACH v_table IN ARRAY ARRAY['webhooks', 'webhook_events', 'webhook_event_subscriptions', 'webhook_deliveries', 'ai_content'] LOOP
    EXECUTE format('CREATE OR REPLACE TRIGGER %I BEFORE TRUNCATE ON public.%I FOR EACH STATEMENT '
      'WHEN (current_user IN (''authenticated'', ''anon'')) EXECUTE FUNCTION hookline.refuse_truncate()', v_table || '_refuse_truncate', v_table);
  END LOOP;
END $$;

-- A user chooses is_active and filters, and of a new subscription its webhook and event type. An id of one's own choice would also tell by the
-- primary key whether somebody else has it.
CREATE OR REPLACE FUNCTION hookline.guard_subscription() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    NEW.id := gen_random_uuid();
    NEW.created_at := now();
    NEW.updated_at := now();
  ELSIF (NEW.id, NEW.webhook_id, NEW.event_type, NEW.created_at) IS DISTINCT FROM (OLD.id, OLD.webhook_id, OLD.event_type, OLD.created_at) THEN
    RAISE EXCEPTION 'of a subscription a user changes is_active and filters' USING ERRCODE = 'insufficient_privilege',
      HINT = 'Subscribe to the other event type instead.';
  END IF;
  RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION hookline.guard_subscription() FROM PUBLIC, anon, authenticated, service_role;
CREATE OR REPLACE TRIGGER webhook_event_subscriptions_allow_owners_columns BEFORE INSERT OR UPDATE ON public.webhook_event_subscriptions
FOR EACH ROW WHEN (current_user IN ('authenticated', 'anon')) EXECUTE FUNCTION hookline.guard_subscription();

-- With the caller's own rights: who may not look into schema hookline gets nothing out of them, whoever grants EXECUTE.
ALTER FUNCTION public.trigger_webhook_event(varchar, jsonb, uuid) SECURITY INVOKER;
ALTER FUNCTION public.get_pending_webhook_retries(integer) SECURITY INVOKER;
ALTER FUNCTION public.complete_webhook_delivery(uuid, integer, jsonb, text, integer, text, varchar, jsonb, varchar, integer) SECURITY INVOKER;
GRANT EXECUTE ON FUNCTION hookline.check_event_type(varchar), hookline.check_payload(jsonb), hookline.fan_out(uuid, varchar, jsonb, uuid) TO service_role;

-- Where auth.uid() is ours, its search_path is pinned like that of every other function.
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_proc p WHERE p.oid = 'auth.uid()'::regprocedure AND pg_get_userbyid(p.proowner) = current_user) THEN
    ALTER FUNCTION auth.uid() SET search_path = pg_catalog, pg_temp;
  END IF;
END $$;
