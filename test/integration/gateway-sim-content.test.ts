import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEventSource, type EventSourceOptions } from '../../src/dev/gateway-sim/events/event-source.js';
import { readWebhooks } from '../../src/dev/gateway-sim/webhook-files.js';
import { closeAfterEach, startPair } from './gateway-sim-helpers.js';

type Made = Record<string, unknown> & { channel_id: string; timestamp: string; callback_url?: string };

function make(count: number, options: Partial<EventSourceOptions> = {}): Made[] {
  const callbackUrl = (channelId: string): string => `https://api.modelriver.com/v1/callback/${channelId}`;
  const source = createEventSource({ seed: 'a', callbackUrl, ...options });
  return Array.from({ length: count }, () => JSON.parse(JSON.stringify(source.next())));
}

/** A webhook without what is new each time. */
function lasting(made: Made): string {
  return JSON.stringify({ ...made, channel_id: '', timestamp: '', callback_url: '' });
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const TOKENS = { prompt: expect.any(Number), completion: expect.any(Number), total: expect.any(Number) };
const META = {
  provider: expect.any(String),
  model: expect.any(String),
  tokens: TOKENS,
  duration_ms: expect.any(Number),
};

describe('webhooks that the gateway simulator makes', () => {
  it('have the documented event-driven shape', () => {
    for (const made of make(20)) {
      expect(made).toMatchObject({
        type: 'task.ai_generated',
        event: expect.stringMatching(/^[a-z]+\.[a-z]+$/),
        channel_id: expect.stringMatching(UUID),
        ai_response: { data: expect.any(Object) },
        callback_url: `https://api.modelriver.com/v1/callback/${made.channel_id}`,
        callback_required: true,
        customer_data: { user_id: expect.stringMatching(/^user_\d+$/) },
        meta: META,
        timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      });
    }
  });

  it('or the documented standard one', () => {
    for (const made of make(10, { shape: 'standard' })) {
      expect(made).toMatchObject({
        type: 'task.completed',
        workflow: expect.any(String),
        status: 'success',
        channel_id: expect.stringMatching(UUID),
        data: expect.any(Object),
        customer_data: expect.any(Object),
        meta: { ...META, attempts: [expect.any(Object)] },
      });
      expect(made).not.toHaveProperty('callback_url');
      expect(made).not.toHaveProperty('ai_response');
    }
    const types = make(8, { shape: 'mixed' }).map(({ type }) => type);
    expect(types.filter((type) => type === 'task.completed')).toHaveLength(2);
  });

  it('have the same content for the same seed, and new ids; another seed makes other content', () => {
    const [first, again, other] = [make(10), make(10), make(10, { seed: 'b' })];
    expect(again.map(lasting)).toEqual(first.map(lasting));
    expect(other.map(lasting)).not.toEqual(first.map(lasting));
    expect(new Set([...first, ...again].map(({ channel_id }) => channel_id)).size).toBe(20);
    // The next round of the same shapes is not the same text.
    const round = make(20).map(lasting);
    expect(round[10]).not.toBe(round[0]);
  });

  it('are for the event and the user that were asked for', () => {
    const userId = '6f1c0d1e-0000-4000-8000-000000000001';
    for (const made of make(10, { event: 'video.generated', userId })) {
      expect(made).toMatchObject({ event: 'video.generated', customer_data: { user_id: userId } });
    }
  });

  it('cover what trips receivers up, and fit the receiver’s limit of 1 MiB', () => {
    const made = make(10);
    const data = made.map(({ ai_response }) => (ai_response as { data: Record<string, unknown> }).data);
    expect(data.some((one) => Object.keys(one).length === 0)).toBe(true);
    expect(data.some((one) => one['title'] === undefined && one['reply'] !== undefined)).toBe(true);
    expect(data.some((one) => one['description'] === null)).toBe(true);
    expect(data.some((one) => one['description'] === '')).toBe(true);
    expect(data.some((one) => one['description'] === undefined && typeof one['body'] === 'string')).toBe(true);
    expect(data.some((one) => typeof one['body'] === 'string' && Buffer.byteLength(one['body']) > 65_535)).toBe(true);
    expect(data.some((one) => Array.isArray(one['embedding']))).toBe(true);
    const text = JSON.stringify(made);
    expect(text).toMatch(/\p{Script=Arabic}/u);
    expect(text).toMatch(/\p{Extended_Pictographic}\u200d/u);
    expect(text).toContain('DROP TABLE');
    for (const one of made) expect(Buffer.byteLength(JSON.stringify(one))).toBeLessThan(1_048_576);
  });
});

describe('files that the gateway simulator sends', () => {
  closeAfterEach();
  let folder: string;
  const at = (name: string): string => join(folder, name);
  const file = (name: string, content: string | Buffer): void => writeFileSync(at(name), content);
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'hookline-gateway-sim-'));
    mkdirSync(at('recorded'));
    mkdirSync(at('recorded/deeper.json'));
    mkdirSync(at('empty'));
    file('one.json', '{ "n": 10.00,\r\n "s": "\\u00e9\u00e9" }\n');
    file('broken.bin', Buffer.from([0xff, 0x00, 0x7b]));
    file('lines.jsonl', '{"a":1}\r\n\n{"b": 12345678901234567890}\n  {"c":3}');
    file('recorded/2.json', '{"n":2}');
    file('recorded/10.json', '{"n":10}');
    file('recorded/3.jsonl', '{"n":3.1}\n{"n":3.2}\n');
    file('recorded/4.ndjson', '{"n":4.1}\n \n{"n":4.2}\n');
    file('recorded/README.md', 'not a webhook');
    file('recorded/deeper.json/x.json', '{"n":"deeper"}');
    file('nothing.json', '');
    file('nothing.jsonl', '\n\r\n');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('are sent byte for byte, in their order', async () => {
    const webhooks = readWebhooks(['one.json', 'broken.bin', 'lines.jsonl', 'recorded'].map(at));
    const { sim, receiver } = await startPair();
    for (const { body } of webhooks) await sim.send(body).settled();
    expect(receiver.requests.map(({ body }) => body.toString('latin1'))).toEqual([
      Buffer.from('{ "n": 10.00,\r\n "s": "\\u00e9\u00e9" }\n').toString('latin1'),
      '\xff\x00{',
      '{"a":1}',
      '{"b": 12345678901234567890}',
      '  {"c":3}',
      '{"n":10}',
      '{"n":2}',
      '{"n":3.1}',
      '{"n":3.2}',
      '{"n":4.1}',
      '{"n":4.2}',
    ]);
    expect(webhooks.map(({ from }) => from.slice(folder.length + 1))).toEqual([
      'one.json',
      'broken.bin',
      'lines.jsonl:1',
      'lines.jsonl:3',
      'lines.jsonl:4',
      'recorded/10.json',
      'recorded/2.json',
      'recorded/3.jsonl:1',
      'recorded/3.jsonl:2',
      'recorded/4.ndjson:1',
      'recorded/4.ndjson:3',
    ]);
  });

  it.each(['nothing.json', 'nothing.jsonl', 'empty', 'not-there.json'])('must hold a webhook: %s', (name) => {
    expect(() => readWebhooks([at('one.json'), at(name)])).toThrow(
      expect.objectContaining({ code: 'invalid_config', message: expect.stringContaining(name) }),
    );
  });
});
