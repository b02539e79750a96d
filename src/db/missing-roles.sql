-- What the migrations could not set up because their login may not: statements for a superuser, in order. No rows: all is set up.
SELECT 'CREATE ROLE hookline_login LOGIN NOINHERIT;' AS statement, 1 AS place
WHERE to_regrole('hookline_login') IS NULL
UNION ALL
SELECT format('GRANT %I TO %I;', r.role, m.member), 2
FROM unnest(ARRAY['anon', 'authenticated', 'service_role']) r (role)
CROSS JOIN unnest(ARRAY['hookline_login', current_user::text]) m (member)
WHERE CASE WHEN to_regrole(m.member) IS NULL THEN true ELSE NOT pg_has_role(m.member, r.role, 'MEMBER') END
ORDER BY place, statement
