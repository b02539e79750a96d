-- public.webhooks: a registered endpoint (spec/outbound-webhooks.md, Tables).
CREATE TABLE IF NOT EXISTS public.webhooks (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id uuid NOT NULL DEFAULT auth.uid() REFERENCES auth.users (id) ON DELETE CASCADE,
  name varchar(255) NOT NULL,
  url text NOT NULL,
  description text,
  secret varchar(255) NOT NULL DEFAULT hookline.generate_secret(),
  signature_algorithm varchar(50) NOT NULL DEFAULT 'sha256',
  is_active boolean NOT NULL DEFAULT true,
  is_verified boolean NOT NULL DEFAULT false,
  verification_token varchar(255) DEFAULT hookline.generate_secret(),
  verified_at timestamptz,
  retry_enabled boolean NOT NULL DEFAULT true,
  max_retries integer NOT NULL DEFAULT 3,
  retry_delay_seconds integer NOT NULL DEFAULT 60,
  timeout_seconds integer NOT NULL DEFAULT 30,
  total_deliveries integer NOT NULL DEFAULT 0,
  successful_deliveries integer NOT NULL DEFAULT 0,
  failed_deliveries integer NOT NULL DEFAULT 0,
  last_delivery_at timestamptz,
  last_success_at timestamptz,
  last_failure_at timestamptz,
  metadata jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  -- Ours: since when it is inactive, and why the system made it so; since and until when a Retry-After pauses it; since when it has only failed.
  inactive_since timestamptz,
  disabled_reason varchar(50),
  paused_since timestamptz,
  paused_until timestamptz,
  failing_since timestamptz,
  CONSTRAINT valid_url CHECK (url ~ '^https?://'),
  -- A URL is copied to each of its deliveries, and a worker holds hundreds of them: without a bound one row could exhaust its memory.
  CONSTRAINT valid_url_length CHECK (octet_length(url) <= 8192),
  CONSTRAINT valid_description_length CHECK (octet_length(description) <= 65536),
  CONSTRAINT valid_metadata_length CHECK (octet_length(metadata::text) <= 65536),
  CONSTRAINT valid_name CHECK (char_length(name) BETWEEN 1 AND 255),
  CONSTRAINT valid_secret CHECK (secret <> ''),
  CONSTRAINT valid_signature_algorithm CHECK (signature_algorithm IN ('sha256', 'sha512')),
  CONSTRAINT valid_max_retries CHECK (max_retries BETWEEN 0 AND 10),
  CONSTRAINT valid_retry_delay CHECK (retry_delay_seconds BETWEEN 1 AND 3600),
  CONSTRAINT valid_timeout CHECK (timeout_seconds BETWEEN 1 AND 300)
-- Counters change with every batch of results; no index holds them, so room on the page keeps these updates HOT.
) WITH (fillfactor = 70);

CREATE INDEX IF NOT EXISTS idx_webhooks_user_id ON public.webhooks (user_id);
CREATE INDEX IF NOT EXISTS idx_webhooks_is_active ON public.webhooks (is_active);
CREATE INDEX IF NOT EXISTS idx_webhooks_created_at ON public.webhooks (created_at);

SELECT hookline.protect('public.webhooks');
DROP POLICY IF EXISTS user_own ON public.webhooks;
CREATE POLICY user_own ON public.webhooks TO authenticated
  USING (user_id = (SELECT auth.uid())) WITH CHECK (user_id = (SELECT auth.uid()));

GRANT SELECT, INSERT, UPDATE, DELETE ON public.webhooks TO service_role;
GRANT SELECT, DELETE ON public.webhooks TO authenticated;
GRANT INSERT (user_id, name, url, description, signature_algorithm, is_active, retry_enabled, max_retries, retry_delay_seconds,
              timeout_seconds, metadata) ON public.webhooks TO authenticated;
GRANT UPDATE (name, url, description, signature_algorithm, is_active, retry_enabled, max_retries, retry_delay_seconds,
              timeout_seconds, metadata) ON public.webhooks TO authenticated;

-- Sets updated_at; used by every table that has it.
CREATE OR REPLACE FUNCTION hookline.touch_updated_at() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  NEW.updated_at := now();
  RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION hookline.touch_updated_at() FROM PUBLIC, anon, authenticated, service_role;

-- The column list leaves out what the system counts: counters never touch updated_at.
CREATE OR REPLACE TRIGGER webhooks_touch_updated_at BEFORE UPDATE OF
  user_id, name, url, description, secret, signature_algorithm, is_active, is_verified, verification_token, verified_at,
  retry_enabled, max_retries, retry_delay_seconds, timeout_seconds, metadata
ON public.webhooks FOR EACH ROW EXECUTE FUNCTION hookline.touch_updated_at();

-- A user has at most settings.webhooks_per_user webhooks. The advisory lock lets two inserts of one user not both take the last place.
CREATE OR REPLACE FUNCTION hookline.check_webhook_quota() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_quota integer;
BEGIN
  -- A row for somebody else is refused by policy; counting theirs first would tell how many they have.
  IF hookline.is_service() OR NEW.user_id IS DISTINCT FROM auth.uid() THEN
    RETURN NEW;
  END IF;
  PERFORM pg_advisory_xact_lock(hashtext('hookline.webhook_quota'), hashtext(NEW.user_id::text));
  SELECT s.webhooks_per_user INTO v_quota FROM hookline.settings s;
  IF (SELECT count(*) FROM public.webhooks w WHERE w.user_id = NEW.user_id) >= v_quota THEN
    RAISE EXCEPTION 'a user may have at most % webhooks', v_quota
      USING ERRCODE = 'HK007', HINT = 'Delete a webhook that is not used any more, or ask the operator for a larger quota.';
  END IF;
  RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION hookline.check_webhook_quota() FROM PUBLIC, anon, authenticated, service_role;
CREATE OR REPLACE TRIGGER webhooks_check_quota BEFORE INSERT ON public.webhooks
FOR EACH ROW EXECUTE FUNCTION hookline.check_webhook_quota();

-- Another URL has not proved anything yet, gets a token of its own, and does not inherit the failures. A webhook made active again starts afresh.
CREATE OR REPLACE FUNCTION hookline.follow_webhook_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NEW.url IS DISTINCT FROM OLD.url THEN
    NEW.is_verified := false;
    NEW.verified_at := NULL;
    NEW.verification_token := hookline.generate_secret();
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
REVOKE ALL ON FUNCTION hookline.follow_webhook_change() FROM PUBLIC, anon, authenticated, service_role;
CREATE OR REPLACE TRIGGER webhooks_follow_change BEFORE UPDATE OF url, is_active ON public.webhooks
FOR EACH ROW EXECUTE FUNCTION hookline.follow_webhook_change();
