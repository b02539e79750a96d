import { Check } from 'typebox/schema';
import { expect, it } from 'vitest';
import { describeOnEachDatabase } from '../harness/databases.js';
import { rows } from './spec-helpers.js';
import { PRESETS } from './spec-tables.js';

interface Preset {
  event_type: string;
  category: string;
  description: string;
  is_enabled: boolean;
  payload_schema: Record<string, unknown>;
}

describeOnEachDatabase('the preset event types', (ctx) => {
  const presets = () => rows<Preset>(ctx.db(), 'SELECT * FROM webhook_events ORDER BY event_type');

  it('are the seven of the specification and webhook.disabled', async () => {
    expect((await presets()).map(({ event_type }) => event_type)).toEqual(Object.keys(PRESETS).sort());
  });

  it('have their category and description, and are enabled', async () => {
    for (const preset of await presets()) {
      expect(preset).toMatchObject({ category: PRESETS[preset.event_type]?.category, is_enabled: true });
      expect(preset.description).toMatch(PRESETS[preset.event_type]?.description ?? /^$/);
    }
  });

  it('each have a JSON Schema that an object can fulfil and a string cannot', async () => {
    for (const { event_type, payload_schema } of await presets()) {
      expect(payload_schema, event_type).toMatchObject({ type: 'object', properties: expect.any(Object) });
      expect(Object.keys(payload_schema['properties'] as object), event_type).not.toEqual([]);
      expect(Check(payload_schema, 'text'), event_type).toBe(false);
    }
  });

  it('video.generated takes the payload of the specification’s own call', async () => {
    const preset = (await presets()).find(({ event_type }) => event_type === 'video.generated');
    const payload = {
      video_id: 'v1',
      user_id: 'u1',
      status: 'completed',
      url: 'https://storage.example.com/videos/abc123.mp4',
    };
    expect(Check(preset?.payload_schema ?? false, payload)).toBe(true);
    expect(Check(preset?.payload_schema ?? false, { ...payload, video_id: {} })).toBe(false);
  });
});
