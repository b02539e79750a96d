import type { Queryable } from '../../../src/db/database.js';

/** Beside the presets: an event type whose schema requires something, one that is disabled, one without a schema or a description. */
export async function seedEventTypes(db: Queryable): Promise<void> {
  await db.query(EVENT_TYPES);
}

const EVENT_TYPES = `
  INSERT INTO webhook_events (event_type, category, description, is_enabled, payload_schema) VALUES
  ('image.generated', 'image', 'Image generation completed', true, '{
    "$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object", "required": ["image_id", "url"],
    "properties": {"image_id": {"type": "string", "pattern": "^img_"}, "url": {"type": "string", "format": "uri"},
                   "width": {"type": "integer", "minimum": 1, "maximum": 8192}, "height": {"type": "integer", "minimum": 1, "maximum": 8192},
                   "style": {"type": "string", "enum": ["photo", "drawing"]}},
    "additionalProperties": false}'),
  ('image.failed', 'image', 'Image generation failed', false, NULL),
  ('account.closed', 'account', NULL, true, NULL)`;
