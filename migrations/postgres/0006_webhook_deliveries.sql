-- public.webhook_deliveries (spec/outbound-webhooks.md, Tables) and what stands behind it in schema hookline: the events, the queue of
-- unfinished deliveries, earlier attempts, workers, and the daily roll-up.

-- Every event, also one that nobody subscribes to. created_at is that of its deliveries, which were made in the same statement.
CREATE TABLE IF NOT EXISTS hookline.events (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  event_type varchar(100) NOT NULL,
  payload jsonb NOT NULL,
  user_id uuid,
  idempotency_key text CONSTRAINT valid_idempotency_key CHECK (char_length(idempotency_key) BETWEEN 1 AND 255),
  matched integer NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX IF NOT EXISTS events_idempotency_key ON hookline.events (idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE INDEX IF NOT EXISTS events_created_at ON hookline.events (created_at);
CREATE INDEX IF NOT EXISTS events_user_id ON hookline.events (user_id, created_at) WHERE user_id IS NOT NULL;

CREATE TABLE IF NOT EXISTS public.webhook_deliveries (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  webhook_id uuid NOT NULL REFERENCES public.webhooks (id) ON DELETE CASCADE,
  event_type varchar(100) NOT NULL,
  request_url text NOT NULL,
  request_method varchar(10) NOT NULL DEFAULT 'POST',
  request_headers jsonb,
  request_payload jsonb NOT NULL,
  request_signature varchar(255),
  response_status integer,
  response_headers jsonb,
  response_body text,
  response_time_ms integer,
  status varchar(20) NOT NULL DEFAULT 'pending',
  attempt_number integer NOT NULL DEFAULT 0,
  max_attempts integer NOT NULL DEFAULT 4,
  next_retry_at timestamptz,
  error_message text,
  error_code varchar(50),
  created_at timestamptz NOT NULL DEFAULT now(),
  delivered_at timestamptz,
  failed_at timestamptz,
  metadata jsonb NOT NULL DEFAULT '{}',
  -- Ours: the owner (copied, so that policies and lists need no join), the event, the delivery that this one repeats, when the latest
  -- attempt began.
  user_id uuid NOT NULL,
  event_id uuid,
  replay_of uuid,
  attempted_at timestamptz,
  CONSTRAINT valid_status CHECK (status IN ('pending', 'success', 'retrying', 'failed')),
  CONSTRAINT valid_attempts CHECK (attempt_number >= 0 AND max_attempts >= 1)
);
CREATE INDEX IF NOT EXISTS idx_webhook_deliveries_webhook_id ON public.webhook_deliveries (webhook_id);
CREATE INDEX IF NOT EXISTS idx_webhook_deliveries_event_type ON public.webhook_deliveries (event_type);
CREATE INDEX IF NOT EXISTS idx_webhook_deliveries_status ON public.webhook_deliveries (status);
CREATE INDEX IF NOT EXISTS idx_webhook_deliveries_created_at ON public.webhook_deliveries (created_at);
CREATE INDEX IF NOT EXISTS idx_webhook_deliveries_next_retry ON public.webhook_deliveries (next_retry_at) WHERE status = 'retrying';

-- One narrow row for each unfinished delivery, kept by the triggers of 0007. due_at is when it may next be claimed: when it is due, or,
-- while it is leased, when the lease ends; so an expired lease is due by itself. lease_worker is NULL when an outside worker holds it. bytes is
-- the payload's size, so that a claim can be bounded by what a worker's memory takes.
CREATE TABLE IF NOT EXISTS hookline.queue (
  delivery_id uuid PRIMARY KEY,
  webhook_id uuid NOT NULL,
  user_id uuid NOT NULL,
  is_retry boolean NOT NULL,
  bytes integer NOT NULL,
  due_at timestamptz NOT NULL,
  lease_id uuid,
  lease_worker uuid
-- Rows live for seconds and are updated once or twice: dead ones at the head of the index slow the claim, so they are cleaned early.
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);
CREATE INDEX IF NOT EXISTS queue_due ON hookline.queue (due_at);

-- The attempts before the latest one, which stands on the delivery, and results that came after their lease had ended (is_late).
CREATE TABLE IF NOT EXISTS hookline.webhook_delivery_attempts (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  delivery_id uuid NOT NULL REFERENCES public.webhook_deliveries (id) ON DELETE CASCADE,
  webhook_id uuid NOT NULL,
  user_id uuid NOT NULL,
  attempt_number integer NOT NULL,
  attempted_at timestamptz,
  request_url text,
  request_headers jsonb,
  request_signature varchar(255),
  response_status integer,
  response_headers jsonb,
  response_body text,
  response_time_ms integer,
  error_message text,
  error_code varchar(50),
  is_late boolean NOT NULL DEFAULT false,
  recorded_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX IF NOT EXISTS webhook_delivery_attempts_delivery_id ON hookline.webhook_delivery_attempts (delivery_id, attempt_number);

-- A worker beats every few seconds; the leases of one that stopped beating are free. is_idle asks triggers for a NOTIFY.
CREATE TABLE IF NOT EXISTS hookline.workers (
  id uuid PRIMARY KEY,
  name text NOT NULL,
  started_at timestamptz NOT NULL DEFAULT now(),
  heartbeat_at timestamptz NOT NULL DEFAULT now(),
  is_idle boolean NOT NULL DEFAULT false
);

-- Ended deliveries by webhook, UTC day of the end, and event type. Retention of deliveries never changes it.
CREATE TABLE IF NOT EXISTS hookline.statistics_daily (
  webhook_id uuid NOT NULL REFERENCES public.webhooks (id) ON DELETE CASCADE,
  day date NOT NULL,
  event_type varchar(100) NOT NULL,
  successful bigint NOT NULL DEFAULT 0,
  failed bigint NOT NULL DEFAULT 0,
  responses bigint NOT NULL DEFAULT 0,
  response_time_ms bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (webhook_id, day, event_type)
) WITH (fillfactor = 70);

DO $$
DECLARE
  v_table regclass;
BEGIN
  FOREACH v_table IN ARRAY ARRAY['public.webhook_deliveries', 'hookline.events', 'hookline.queue', 'hookline.webhook_delivery_attempts',
                                 'hookline.workers', 'hookline.statistics_daily']::regclass[] LOOP
    PERFORM hookline.protect(v_table);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO service_role', v_table);
  END LOOP;
END $$;

DROP POLICY IF EXISTS user_read ON public.webhook_deliveries;
CREATE POLICY user_read ON public.webhook_deliveries FOR SELECT TO authenticated USING (user_id = (SELECT auth.uid()));
GRANT SELECT ON public.webhook_deliveries TO authenticated;
