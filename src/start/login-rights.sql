-- What the login of this connection may do. No parameters.
-- login              its name
-- bypasses_policies  a superuser, or a role with BYPASSRLS
-- owns_schema        it owns schema hookline (also as a member of its owner), or, where that is not there yet, may create it
-- schema_exists      schema hookline is there
-- may_serve          it may take the roles that requests run as
SELECT r.rolname::text AS login,
       r.rolsuper OR r.rolbypassrls AS bypasses_policies,
       coalesce(
         (SELECT pg_has_role(r.oid, n.nspowner, 'USAGE') FROM pg_catalog.pg_namespace n WHERE n.nspname = 'hookline'),
         has_database_privilege(r.oid, current_database(), 'CREATE')
       ) AS owns_schema,
       EXISTS (SELECT FROM pg_catalog.pg_namespace n WHERE n.nspname = 'hookline') AS schema_exists,
       3 = (SELECT count(*) FROM pg_catalog.pg_roles m
             WHERE m.rolname IN ('anon', 'authenticated', 'service_role') AND pg_has_role(r.oid, m.oid, 'MEMBER')) AS may_serve
  FROM pg_catalog.pg_roles r
 WHERE r.rolname = current_user;
