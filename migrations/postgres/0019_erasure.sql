-- Erasure of a user: everything of theirs goes, in one transaction, and what went is counted.

-- Whether JSON holds the user's UUID anywhere, in whatever case, or their external id as a whole string.
CREATE OR REPLACE FUNCTION hookline.names_user(p_content jsonb, p_user_id uuid, p_external_id text) RETURNS boolean LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(strpos(lower(p_content::text), p_user_id::text) > 0, false) OR coalesce(strpos(p_content::text, to_jsonb(p_external_id)::text) > 0, false)
$$;
REVOKE ALL ON FUNCTION hookline.names_user(jsonb, uuid, text) FROM PUBLIC, anon, authenticated, service_role;

-- Removes the user's webhooks with subscriptions, deliveries, attempts and statistics, the events and the AI content that are about them, and their row in
-- auth.users where that table is ours. Gives a row for each kind, also where there was nothing. What other users were told stays in their deliveries.
CREATE OR REPLACE FUNCTION hookline.erase_user(p_user_id uuid) RETURNS TABLE (kind text, removed bigint) LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_external_id CONSTANT text := (SELECT u.external_user_id FROM hookline.users u WHERE u.user_id = p_user_id);
  v_webhooks uuid[];
BEGIN
  -- Also those that name the user in their content alone: an event for everyone, a row that came before the user was known. Read before anything is locked.
  DELETE FROM hookline.events e WHERE e.user_id = p_user_id OR (e.user_id IS NULL AND hookline.names_user(e.payload, p_user_id, v_external_id));
  kind := 'events'; GET DIAGNOSTICS removed = ROW_COUNT; RETURN NEXT;
  DELETE FROM public.ai_content c WHERE c.user_id = p_user_id OR (c.user_id IS NULL AND hookline.names_user(c.metadata, p_user_id, v_external_id));
  kind := 'ai_content'; GET DIAGNOSTICS removed = ROW_COUNT; RETURN NEXT;

  -- Webhooks before what hangs on them, as everywhere. Whoever triggers for them or records meanwhile waits, and then finds them gone.
  SELECT array_agg(l.id) INTO v_webhooks FROM (
    SELECT w.id FROM public.webhooks w WHERE w.user_id = p_user_id ORDER BY w.id FOR UPDATE) l;

  -- Attempts go with their deliveries.
  SELECT 'webhook_delivery_attempts', count(*) INTO kind, removed
  FROM hookline.webhook_delivery_attempts a JOIN public.webhook_deliveries d ON d.id = a.delivery_id WHERE d.webhook_id = ANY (v_webhooks);
  RETURN NEXT;
  DELETE FROM public.webhook_deliveries d WHERE d.webhook_id = ANY (v_webhooks);
  kind := 'webhook_deliveries'; GET DIAGNOSTICS removed = ROW_COUNT; RETURN NEXT;
  DELETE FROM hookline.statistics_daily s WHERE s.webhook_id = ANY (v_webhooks);
  kind := 'statistics_daily'; GET DIAGNOSTICS removed = ROW_COUNT; RETURN NEXT;
  DELETE FROM public.webhook_event_subscriptions s WHERE s.webhook_id = ANY (v_webhooks);
  kind := 'webhook_event_subscriptions'; GET DIAGNOSTICS removed = ROW_COUNT; RETURN NEXT;
  DELETE FROM public.webhooks w WHERE w.id = ANY (v_webhooks);
  kind := 'webhooks'; GET DIAGNOSTICS removed = ROW_COUNT; RETURN NEXT;

  DELETE FROM hookline.users u WHERE u.user_id = p_user_id;
  kind := 'external_user_ids'; GET DIAGNOSTICS removed = ROW_COUNT; RETURN NEXT;
  kind := 'users'; removed := 0;
  IF EXISTS (SELECT FROM pg_class c WHERE c.oid = 'auth.users'::regclass AND pg_get_userbyid(c.relowner) = current_user) THEN
    DELETE FROM auth.users u WHERE u.id = p_user_id;
    GET DIAGNOSTICS removed = ROW_COUNT;
  END IF;
  RETURN NEXT;
END $$;
REVOKE ALL ON FUNCTION hookline.erase_user(uuid) FROM PUBLIC, anon, authenticated, service_role;
GRANT EXECUTE ON FUNCTION hookline.erase_user(uuid) TO service_role;
