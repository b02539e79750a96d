-- public.webhook_events: the event types, with the presets (spec/outbound-webhooks.md, Tables).
CREATE TABLE IF NOT EXISTS public.webhook_events (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  event_type varchar(100) NOT NULL UNIQUE,
  category varchar(50) NOT NULL,
  description text,
  is_enabled boolean NOT NULL DEFAULT true,
  payload_schema jsonb,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX IF NOT EXISTS idx_webhook_events_category ON public.webhook_events (category);
CREATE INDEX IF NOT EXISTS idx_webhook_events_is_enabled ON public.webhook_events (is_enabled);

SELECT hookline.protect('public.webhook_events');
DROP POLICY IF EXISTS user_read ON public.webhook_events;
CREATE POLICY user_read ON public.webhook_events FOR SELECT TO authenticated USING (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON public.webhook_events TO service_role;
GRANT SELECT ON public.webhook_events TO authenticated;

CREATE OR REPLACE TRIGGER webhook_events_touch_updated_at BEFORE UPDATE ON public.webhook_events
FOR EACH ROW EXECUTE FUNCTION hookline.touch_updated_at();

-- The schemas name the fields that the presets' payloads usually have and require only what makes the event what it is; more fields are welcome.
INSERT INTO public.webhook_events (event_type, category, description, payload_schema) VALUES
('video.generated', 'video', 'Video generation completed', '{
  "$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object",
  "properties": {"video_id": {"type": "string"}, "user_id": {"type": "string"}, "status": {"type": "string"},
                 "url": {"type": "string", "format": "uri"}, "title": {"type": "string"}, "duration_seconds": {"type": "number", "minimum": 0}},
  "additionalProperties": true}'),
('video.failed', 'video', 'Video generation failed', '{
  "$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object",
  "properties": {"video_id": {"type": "string"}, "user_id": {"type": "string"}, "status": {"type": "string"},
                 "error": {"type": ["string", "object"]}, "error_code": {"type": "string"}},
  "additionalProperties": true}'),
('credit.added', 'credit', 'Credits added', '{
  "$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object",
  "properties": {"user_id": {"type": "string"}, "amount": {"type": "number"}, "balance": {"type": "number"}, "reason": {"type": "string"}},
  "additionalProperties": true}'),
('credit.consumed', 'credit', 'Credits consumed', '{
  "$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object",
  "properties": {"user_id": {"type": "string"}, "amount": {"type": "number"}, "balance": {"type": "number"}, "reason": {"type": "string"}},
  "additionalProperties": true}'),
('subscription.created', 'subscription', 'Subscription created', '{
  "$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object",
  "properties": {"subscription_id": {"type": "string"}, "user_id": {"type": "string"}, "plan": {"type": "string"}, "status": {"type": "string"},
                 "current_period_end": {"type": "string"}},
  "additionalProperties": true}'),
('subscription.renewed', 'subscription', 'Subscription renewed', '{
  "$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object",
  "properties": {"subscription_id": {"type": "string"}, "user_id": {"type": "string"}, "plan": {"type": "string"}, "status": {"type": "string"},
                 "current_period_end": {"type": "string"}},
  "additionalProperties": true}'),
('subscription.cancelled', 'subscription', 'Subscription cancelled', '{
  "$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object",
  "properties": {"subscription_id": {"type": "string"}, "user_id": {"type": "string"}, "plan": {"type": "string"}, "status": {"type": "string"},
                 "cancel_at": {"type": "string"}, "reason": {"type": "string"}},
  "additionalProperties": true}'),
('webhook.disabled', 'webhook', 'A webhook was deactivated by the system', '{
  "$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object",
  "properties": {"webhook_id": {"type": "string", "format": "uuid"}, "name": {"type": "string"}, "url": {"type": "string"},
                 "reason": {"type": "string", "enum": ["gone", "failing"]}, "disabled_at": {"type": "string"}},
  "required": ["webhook_id", "reason"], "additionalProperties": true}')
ON CONFLICT (event_type) DO NOTHING;
