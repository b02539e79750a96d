import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseEvent } from '../src/event.js';
import { sha256Hex } from '../src/hash.js';
import { type ContentRecord, idempotencyKey, toRecord } from '../src/record.js';

const parse = (event: unknown) =>
  parseEvent(new TextEncoder().encode(typeof event === 'string' ? event : JSON.stringify(event)));
const record = (event: unknown): ContentRecord => toRecord(parse(event));
const metadata = (event: unknown): unknown => JSON.parse(record(event).metadata);

describe('toRecord', () => {
  it('fills every field (rule 3)', () => {
    const row = record({
      type: 'task.ai_generated',
      event: 'video.generated',
      channel_id: 'c1',
      ai_response: { data: { title: 'Inception', description: 'A dream', body: 'unused' } },
      customer_data: { category: 'film', user_id: 'u1' },
      meta: { model: 'm-1', provider: 'p-1', tokens: { total: 3 } },
    });
    expect(row).toEqual({
      title: 'Inception',
      body: 'A dream',
      category: 'film',
      metadata: '{"category":"film","user_id":"u1","ai_model":"m-1","ai_provider":"p-1"}',
      channelId: 'c1',
      eventName: 'video.generated',
    });
  });

  it.each([
    {},
    { ai_response: null, customer_data: null, meta: null, event: null },
    { ai_response: {} },
    { ai_response: { data: null } },
    { ai_response: { data: 'text' } },
  ])('falls back for absent and null: %j', (event) => {
    expect(record(event)).toEqual({
      title: 'Untitled',
      body: '',
      category: 'general',
      metadata: '{}',
      channelId: null,
      eventName: null,
    });
  });

  it('takes body where description is absent or null', () => {
    expect(record({ ai_response: { data: { body: 'b' } } }).body).toBe('b');
    expect(record({ ai_response: { data: { description: null, body: 'b' } } }).body).toBe('b');
  });

  it('keeps empty strings', () => {
    const row = record({
      event: '',
      channel_id: '',
      ai_response: { data: { title: '', description: '', body: 'b' } },
      customer_data: { category: '' },
      meta: { model: '' },
    });
    expect(row).toEqual({
      title: '',
      body: '',
      category: '',
      metadata: '{"category":"","ai_model":""}',
      channelId: '',
      eventName: '',
    });
  });

  it('writes what is no text as its JSON', () => {
    const row = record({
      ai_response: { data: { title: 1984, description: { en: 'x' } } },
      customer_data: { category: false },
    });
    expect([row.title, row.body, row.category]).toEqual(['1984', '{"en":"x"}', 'false']);
  });

  it('lets ai_model and ai_provider override, and leaves them out when unknown', () => {
    const customer_data = { ai_model: 'theirs', ai_provider: 'theirs' };
    expect(metadata({ customer_data, meta: { model: 'm', provider: 'p' } })).toEqual({
      ai_model: 'm',
      ai_provider: 'p',
    });
    expect(metadata({ customer_data: { a: 1 }, meta: { model: null } })).toEqual({ a: 1 });
  });

  it('keeps numbers of customer_data exact', () => {
    expect(record('{"customer_data":{"order":12345678901234567890}}').metadata).toBe('{"order":12345678901234567890}');
  });
});

describe('idempotencyKey', () => {
  const BODY = new TextEncoder().encode('the raw body');
  const key = (event: unknown): Promise<string> => idempotencyKey(parse(event), BODY);

  it('is of channel_id, type and event alone', async () => {
    for (const type of ['t', 'task.ai_generated']) {
      const event = { channel_id: 'c', type, event: 'e' };
      expect(await key(event)).toBe(await key({ ...event, timestamp: 'later', ai_response: { data: {} } }));
    }
  });

  it('is readable where channel_id and event are short and plain, and a hash elsewhere', async () => {
    const type = 'task.ai_generated';
    const channel_id = '7b0f2a4e-0d5c-4a53-9f7e-1c2d3e4f5a6b';
    expect(await key({ type, channel_id, event: 'video.generated' })).toBe(`${channel_id}:video.generated`);
    const event = 'e'.repeat(27);
    expect(await key({ type, channel_id, event })).toBe(`${channel_id}:${event}`);
    const hashed = [
      { type, channel_id, event: `${event}e` },
      { type, channel_id, event: 'ein Film' },
      { type, channel_id, event: 'vidéo' },
      { type, channel_id, event: '' },
      { type, channel_id },
      { type, channel_id: 'a:b', event: 'e' },
      { type, channel_id: 'a b', event: 'e' },
      { type: 'task.completed', channel_id, event: 'e' },
    ];
    for (const event of hashed) {
      const identity = JSON.stringify([event.channel_id, event.type, event.event ?? null]);
      expect(await key(event)).toBe(await sha256Hex(identity));
    }
  });

  it('is the same of no two that differ in one of the three, and fits its column', async () => {
    const part = fc.oneof(
      fc.string({ maxLength: 3, unit: fc.constantFrom('a', 'A', ':', ' ', '-', '_', '.', 'é', '"') }),
      fc.string({ minLength: 30, maxLength: 70, unit: fc.constantFrom('a', 'b') }),
    );
    const identity = fc.record({
      channel_id: part.filter((id) => id !== ''),
      type: fc.constantFrom('task.ai_generated', 'task.completed', '', null),
      event: fc.option(part),
    });
    await fc.assert(
      fc.asyncProperty(identity, identity, async (one, other) => {
        const [first, second] = [await key(one), await key(other)];
        expect(first).toMatch(/^[!-~]{1,64}$/);
        expect(first === second).toBe(
          one.channel_id === other.channel_id && one.type === other.type && one.event === other.event,
        );
      }),
      { numRuns: 3_000 },
    );
  });

  it('tells apart whatever differs in one of the three', async () => {
    const events = ['t', 'task.ai_generated'].flatMap((type) => [
      { channel_id: 'c', type, event: 'e' },
      { channel_id: 'C', type, event: 'e' },
      { channel_id: 'c ', type, event: 'e' },
      { channel_id: 'c', type, event: 'e ' },
      { channel_id: 'c', type, event: 'E' },
      { channel_id: 'c', type, event: null },
      { channel_id: 'c', type, event: '' },
      { channel_id: 'c:e', type, event: 'e' },
      { channel_id: 'c', type, event: 'e:e' },
      { channel_id: 'c","t', type: 'e' },
      { channel_id: `${'c'.repeat(40)}1`, type },
      { channel_id: `${'c'.repeat(40)}2`, type },
      { channel_id: `c${type}`, type: '', event: 'e' },
      { channel_id: 'c', type: `${type}e`, event: '' },
    ]);
    const different = new Set(events.map((event) => JSON.stringify(event)));
    expect(new Set(await Promise.all(events.map(key))).size).toBe(different.size);
  });

  it('is the hash of the raw body without a channel_id', async () => {
    const body = '{"type":"t","event":"e"}';
    expect(await idempotencyKey(parse(body), new TextEncoder().encode(body))).toBe(await sha256Hex(body));
    expect(await key({ channel_id: '', type: 't' })).toBe(await sha256Hex(BODY));
  });
});
