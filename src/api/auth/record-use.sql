-- Writes down that an API key or portal token is used, at most once a minute. Waits for nobody: whoever holds the row writes the same, or ends it.
-- $1 its id
UPDATE hookline.access_tokens SET last_used_at = now()
 WHERE id = (SELECT t.id FROM hookline.access_tokens t
              WHERE t.id = $1::uuid AND (t.last_used_at > now() - interval '1 minute') IS NOT TRUE FOR NO KEY UPDATE SKIP LOCKED);
