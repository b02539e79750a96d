-- Functions of ours but those of triggers, with who may call them: EXECUTE, and USAGE of the schema.
SELECT n.nspname || '.' || p.proname AS name,
       pg_get_function_arguments(p.oid) AS arguments,
       pg_get_function_result(p.oid) AS result,
       has_function_privilege('authenticated', p.oid, 'EXECUTE') AND has_schema_privilege('authenticated', n.oid, 'USAGE') AS "isForUsers",
       has_function_privilege('service_role', p.oid, 'EXECUTE') AND has_schema_privilege('service_role', n.oid, 'USAGE') AS "isForService"
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE n.nspname IN ('public', 'hookline') AND p.prokind = 'f' AND p.prorettype <> 'trigger'::regtype
ORDER BY 1;
