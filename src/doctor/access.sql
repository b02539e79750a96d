-- What the login of this connection may do. No parameters.
SELECT r.rolname::text AS login,
       r.rolsuper OR r.rolbypassrls AS "bypassesPolicies",
       coalesce((SELECT pg_has_role(r.oid, n.nspowner, 'USAGE') FROM pg_catalog.pg_namespace n WHERE n.nspname = 'hookline'), false) AS "ownsSchema",
       -- A superuser has every right as it is.
       NOT r.rolsuper AND r.rolinherit AND EXISTS (
         SELECT FROM pg_catalog.pg_roles m WHERE m.rolname = 'service_role' AND pg_has_role(r.oid, m.oid, 'USAGE')) AS inherits,
       -- Not by to_regclass, which a login without rights on the schema may not ask.
       EXISTS (SELECT FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                WHERE n.nspname = 'hookline' AND c.relname = 'migrations') AS "schemaExists",
       ARRAY(SELECT n.name FROM unnest(ARRAY['anon', 'authenticated', 'service_role']) n (name)
              WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_roles m WHERE m.rolname = n.name AND pg_has_role(r.oid, m.oid, 'MEMBER'))
              ORDER BY n.name) AS "missingRoles"
  FROM pg_catalog.pg_roles r
 WHERE r.rolname = current_user;
