-- Where an event comes from: the request that triggered it, and the span (W3C Trace Context) that its deliveries go on in. Whoever triggers tells by settings,
-- of the session or of the transaction: SELECT set_config('hookline.request_id', '…', true), set_config('hookline.traceparent', '00-…-…-01', true).

ALTER TABLE hookline.events ADD COLUMN IF NOT EXISTS request_id text, ADD COLUMN IF NOT EXISTS traceparent text;
DO $$
BEGIN
  -- Not valid: what stands there has neither, and looking it through would keep everyone else out meanwhile.
  IF NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conrelid = 'hookline.events'::regclass AND c.conname = 'valid_request_id') THEN
    ALTER TABLE hookline.events ADD CONSTRAINT valid_request_id CHECK (request_id ~ '^[A-Za-z0-9_.:-]{1,128}$') NOT VALID;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conrelid = 'hookline.events'::regclass AND c.conname = 'valid_traceparent') THEN
    ALTER TABLE hookline.events ADD CONSTRAINT valid_traceparent CHECK (traceparent ~ '^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$') NOT VALID;
  END IF;
END $$;
-- What is not well formed is left out: no event is lost for the sake of its trace.
ALTER TABLE hookline.events
  ALTER COLUMN request_id SET DEFAULT substring(current_setting('hookline.request_id', true) from '^[A-Za-z0-9_.:-]{1,128}$'),
  ALTER COLUMN traceparent SET DEFAULT substring(current_setting('hookline.traceparent', true) from '^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$');

-- The same two, for where no default is taken.
CREATE OR REPLACE FUNCTION hookline.origin(OUT request_id text, OUT traceparent text) LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp AS $$
  SELECT substring(current_setting('hookline.request_id', true) from '^[A-Za-z0-9_.:-]{1,128}$'),
         substring(current_setting('hookline.traceparent', true) from '^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$')
$$;
REVOKE ALL ON FUNCTION hookline.origin() FROM PUBLIC, anon, authenticated, service_role;
