-- Puts a partitioned table in the place of public.webhook_deliveries, whose rows become its first partition, up to the bound that has been checked. Reads no row. Indexes,
-- triggers, policies and rights are made anew from those that are there, so that what an operator has added comes along. One transaction.
DO $$
DECLARE
  v_bound timestamptz;
  v_texts text[];
  v_policies text[];
  v_rights text[];
  v_view text;
  v_triggers name[];
  v_text text;
BEGIN
  -- What the catalogue gives as text names the schema of everything that is not PostgreSQL's.
  PERFORM set_config('search_path', 'pg_catalog, pg_temp', true), set_config('TimeZone', 'UTC', true), set_config('DateStyle', 'ISO, YMD', true);
  -- All at once, in the order of everywhere, so that nobody is met half-way: webhooks loses the triggers of the old foreign key, the view brings its tables.
  LOCK TABLE public.webhooks IN ACCESS EXCLUSIVE MODE;
  LOCK TABLE public.webhook_delivery_attempts IN ACCESS EXCLUSIVE MODE;
  IF (SELECT c.relkind FROM pg_class c WHERE c.oid = 'public.webhook_deliveries'::regclass) = 'p' THEN
    RETURN;
  END IF;
  SELECT substring(pg_get_constraintdef(k.oid) FROM '''([^'']+)''')::timestamptz INTO STRICT v_bound FROM pg_constraint k
  WHERE k.conrelid = 'public.webhook_deliveries'::regclass AND k.conname = 'before_partitions' AND k.convalidated;

  v_texts := ARRAY(
      SELECT pg_get_indexdef(i.indexrelid) FROM pg_index i
      WHERE i.indrelid = 'public.webhook_deliveries'::regclass AND NOT i.indisprimary AND i.indisvalid AND i.indexrelid <> 'public.webhook_deliveries_id_created_at'::regclass)
    || ARRAY(SELECT format('ALTER TABLE public.webhook_deliveries ADD CONSTRAINT %I %s', k.conname, pg_get_constraintdef(k.oid)) FROM pg_constraint k
             WHERE k.conrelid = 'public.webhook_deliveries'::regclass AND k.contype = 'f')
    || ARRAY(SELECT pg_get_triggerdef(t.oid) FROM pg_trigger t WHERE t.tgrelid = 'public.webhook_deliveries'::regclass AND NOT t.tgisinternal);
  v_triggers := ARRAY(SELECT t.tgname FROM pg_trigger t WHERE t.tgrelid = 'public.webhook_deliveries'::regclass AND NOT t.tgisinternal);
  v_policies := ARRAY(
    SELECT format('CREATE POLICY %I ON public.webhook_deliveries AS %s FOR %s TO %s %s %s', p.policyname, p.permissive, p.cmd,
                  (SELECT string_agg(CASE r WHEN 'public' THEN 'PUBLIC' ELSE quote_ident(r) END, ', ') FROM unnest(p.roles) r),
                  'USING (' || p.qual || ')', 'WITH CHECK (' || p.with_check || ')')
    FROM pg_policies p WHERE p.schemaname = 'public' AND p.tablename = 'webhook_deliveries' AND p.policyname NOT IN ('owner_all', 'service_all'));
  v_rights := ARRAY(
    SELECT format('GRANT %s ON public.webhook_deliveries TO %s', a.privilege_type, CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END)
    FROM pg_class c, aclexplode(c.relacl) a WHERE c.oid = 'public.webhook_deliveries'::regclass AND a.grantee <> c.relowner
    UNION ALL
    SELECT format('GRANT %s (%I) ON public.webhook_deliveries TO %s', a.privilege_type, b.attname, CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END)
    FROM pg_attribute b, aclexplode(b.attacl) a WHERE b.attrelid = 'public.webhook_deliveries'::regclass);
  v_view := pg_get_viewdef('public.webhook_delivery_attempts'::regclass);

  FOREACH v_text IN ARRAY v_triggers LOOP
    EXECUTE format('DROP TRIGGER %I ON public.webhook_deliveries', v_text);
  END LOOP;
  ALTER TABLE public.webhook_deliveries DROP CONSTRAINT webhook_deliveries_pkey;
  ALTER TABLE public.webhook_deliveries ADD CONSTRAINT webhook_deliveries_before_pkey PRIMARY KEY USING INDEX webhook_deliveries_id_created_at;
  -- Its indexes go with it, and leave their names.
  ALTER TABLE public.webhook_deliveries SET SCHEMA hookline;
  ALTER TABLE hookline.webhook_deliveries RENAME TO webhook_deliveries_before;

  CREATE TABLE public.webhook_deliveries (
    LIKE hookline.webhook_deliveries_before INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING GENERATED INCLUDING COMMENTS INCLUDING STORAGE INCLUDING COMPRESSION, PRIMARY KEY (id, created_at))
    PARTITION BY RANGE (created_at);
  ALTER TABLE public.webhook_deliveries DROP CONSTRAINT before_partitions;
  PERFORM hookline.protect('public.webhook_deliveries');
  CREATE TABLE hookline.webhook_deliveries_default PARTITION OF public.webhook_deliveries DEFAULT;
  FOREACH v_text IN ARRAY v_texts || v_policies || v_rights LOOP
    EXECUTE v_text;
  END LOOP;
  EXECUTE format('ALTER TABLE public.webhook_deliveries ATTACH PARTITION hookline.webhook_deliveries_before FOR VALUES FROM (MINVALUE) TO (%L)', v_bound);
  ALTER TABLE hookline.webhook_deliveries_before DROP CONSTRAINT before_partitions;

  FOR v_text IN SELECT p.policyname FROM pg_policies p WHERE p.schemaname = 'hookline' AND p.tablename = 'webhook_deliveries_before' LOOP
    EXECUTE format('DROP POLICY %I ON hookline.webhook_deliveries_before', v_text);
  END LOOP;
  FOR v_text IN
    SELECT DISTINCT CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END
    FROM pg_class c, aclexplode(c.relacl) a WHERE c.oid = 'hookline.webhook_deliveries_before'::regclass AND a.grantee <> c.relowner
  LOOP
    EXECUTE format('REVOKE ALL ON hookline.webhook_deliveries_before FROM %s', v_text);
  END LOOP;
  PERFORM hookline.protect('hookline.webhook_deliveries_before');
  PERFORM hookline.protect('hookline.webhook_deliveries_default');
  EXECUTE 'CREATE OR REPLACE VIEW public.webhook_delivery_attempts WITH (security_barrier) AS ' || v_view;
END $$;
