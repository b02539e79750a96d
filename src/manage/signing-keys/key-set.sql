-- The published keys as a JSON Web Key Set (RFC 7517, 8037), the current one first; NULL while there is none.
SELECT json_build_object('keys', json_agg(json_build_object(
  'kty', 'OKP', 'crv', 'Ed25519', 'alg', 'EdDSA', 'use', 'sig', 'kid', k.id, 'x', hookline.url_safe(k.public_key))
  ORDER BY k.retired_at DESC NULLS FIRST, k.id))::text AS "keySet"
FROM hookline.signing_keys k
WHERE coalesce(k.published_until > now(), true)
HAVING count(*) > 0
