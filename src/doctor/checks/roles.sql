-- What undoes Row Level Security. No parameters.
-- roles   of the roles that strangers' requests run as, those that it does not hold, or that may become the service
-- tables  of ours, for which it is off, or not forced on their owner
SELECT ARRAY(
         SELECT r.rolname::text FROM pg_catalog.pg_roles r
          WHERE r.rolname IN ('anon', 'authenticated')
            AND (r.rolsuper OR r.rolbypassrls
              OR EXISTS (SELECT FROM pg_catalog.pg_roles s WHERE s.rolname = 'service_role' AND pg_has_role(r.oid, s.oid, 'MEMBER'))
              OR EXISTS (SELECT FROM pg_catalog.pg_namespace n WHERE n.nspname = 'hookline' AND pg_has_role(r.oid, n.nspowner, 'MEMBER')))
          ORDER BY r.rolname) AS roles,
       ARRAY(
         SELECT format('%I.%I', n.nspname, c.relname) FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
          WHERE c.relkind IN ('r', 'p') AND NOT (c.relrowsecurity AND c.relforcerowsecurity)
            AND (n.nspname = 'hookline' OR (n.nspname = 'public' AND c.relname IN (
              'webhooks', 'webhook_events', 'webhook_event_subscriptions', 'webhook_deliveries', 'ai_content')))
          ORDER BY 1) AS tables;
