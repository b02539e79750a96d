-- payload_schema in SQL: PostgreSQL has no JSON Schema of its own, so these checks are made where extension pg_jsonschema is installed. POST /v1/events
-- validates by itself, everywhere.

-- Runs for each event that is made, by whatever function, and not for a repeat under the same idempotency key.
CREATE OR REPLACE FUNCTION hookline.check_payload_schema() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_schema jsonb := (SELECT e.payload_schema FROM public.webhook_events e WHERE e.event_type = NEW.event_type);
  v_extension_schema name;
  v_problems text[];
BEGIN
  IF v_schema IS NULL THEN
    RETURN NULL;
  END IF;
  -- The extension's own function, wherever it was installed: one of the same name that somebody else made would run with our rights.
  SELECT n.nspname INTO v_extension_schema
  FROM pg_extension x
  JOIN pg_depend d ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = x.oid AND d.classid = 'pg_proc'::regclass AND d.deptype = 'e'
  JOIN pg_proc p ON p.oid = d.objid AND p.proname = 'jsonschema_validation_errors'
  JOIN pg_namespace n ON n.oid = p.pronamespace
  WHERE x.extname = 'pg_jsonschema';
  IF v_extension_schema IS NULL THEN
    RETURN NULL;
  END IF;
  EXECUTE format('SELECT %I.jsonschema_validation_errors($1::json, $2::json)', v_extension_schema) INTO v_problems USING v_schema, NEW.payload;
  IF cardinality(v_problems) > 0 THEN
    RAISE EXCEPTION 'the payload does not fulfil the schema of %: %', NEW.event_type, left(array_to_string(v_problems, '; '), 1000)
      USING ERRCODE = 'HK005', HINT = 'SELECT payload_schema FROM webhook_events shows the schema.';
  END IF;
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION hookline.check_payload_schema() FROM PUBLIC, anon, authenticated, service_role;
CREATE OR REPLACE TRIGGER events_check_payload_schema AFTER INSERT ON hookline.events
FOR EACH ROW EXECUTE FUNCTION hookline.check_payload_schema();
