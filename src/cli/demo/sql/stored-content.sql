-- The stored rows of an AI webhook, as far as the caller may see them.
-- $1 channel id
SELECT id::text AS id, title::text AS title, event_name::text AS event FROM ai_content WHERE channel_id = $1::text;
