-- The user's UUID; the row is made where it is missing and auth.users is ours, else HK010 is raised.
-- $1 the id as the token has it: a UUID, or an id of the application's own
SELECT hookline.ensure_user($1::text)::text AS id
