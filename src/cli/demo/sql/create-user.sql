-- A new user of the product, with a new id.
INSERT INTO auth.users (id) VALUES (gen_random_uuid()) RETURNING id::text AS id;
