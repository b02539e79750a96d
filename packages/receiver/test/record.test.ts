import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseEvent } from '../src/event.js';
import { type ColumnLimits, fitRecord } from '../src/fit.js';
import { sha256Hex } from '../src/hash.js';
import { type ContentRecord, idempotencyKey, toRecord } from '../src/record.js';
import { UnstorableError } from '../src/unstorable.js';

const limits: ColumnLimits = {
  title: { characters: 500 },
  body: null,
  category: { characters: 100 },
  channelId: { characters: 36 },
  eventName: { characters: 100 },
  metadataDepth: 10,
  payloadDepth: 100,
};
const parse = (event: unknown) =>
  parseEvent(new TextEncoder().encode(typeof event === 'string' ? event : JSON.stringify(event)));
const fitted = (event: unknown, changes: Partial<ColumnLimits> = {}): ContentRecord =>
  fitRecord(toRecord(parse(event)), {}, parse(event), { ...limits, ...changes });
const record = (event: unknown): ContentRecord => {
  const { columns: _none, ...row } = fitRecord(toRecord(parse(event)), {}, parse(event), limits);
  return row;
};
const metadata = (event: unknown): unknown => JSON.parse(record(event).metadata);

/** The longest beginning of whole characters that takes at most `bytes` of UTF-8. */
function longestWithin(text: string, bytes: number): string {
  let kept = '';
  for (const character of text) {
    if (Buffer.byteLength(kept + character) > bytes) break;
    kept += character;
  }
  return kept;
}

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

  it('cuts by characters, says so, and never splits one', () => {
    const row = record({
      ai_response: { data: { title: '😀'.repeat(70_000) } },
      customer_data: { category: 'é'.repeat(101) },
      channel_id: 'c'.repeat(37),
      event: 'e'.repeat(101),
    });
    expect(row.title).toBe('😀'.repeat(500));
    expect(row.category).toBe('é'.repeat(100));
    expect([row.channelId, row.eventName]).toEqual(['c'.repeat(36), 'e'.repeat(100)]);
    expect(JSON.parse(row.metadata)).toMatchObject({
      truncated: { title: 70_000, category: 101, channel_id: 37, event_name: 101 },
    });
  });

  it('leaves alone what just fits', () => {
    const row = record({ ai_response: { data: { title: '😀'.repeat(500), description: 'd'.repeat(70_000) } } });
    expect([row.title.length, row.body.length, row.metadata]).toEqual([1_000, 70_000, '{}']);
  });

  it('refuses a NUL anywhere and nesting beyond the store', () => {
    expect(() => record({ customer_data: { a: ['\0'] } })).toThrow(UnstorableError);
    expect(() => record({ customer_data: { '\0': 1 } })).toThrow(UnstorableError);
    expect(() => record(`{"x":${'['.repeat(100)}${']'.repeat(100)}}`)).toThrow(UnstorableError);
    expect(record(`{"x":${'['.repeat(99)}${']'.repeat(99)}}`).title).toBe('Untitled');
    expect(() => record(`{"customer_data":{"x":${'['.repeat(10)}${']'.repeat(10)}}}`)).toThrow(UnstorableError);
    expect(record(`{"customer_data":{"x":${'['.repeat(9)}${']'.repeat(9)}}}`).metadata).toBe(
      '{"x":[[[[[[[[[]]]]]]]]]}',
    );
  });

  it('cuts by bytes of UTF-8 where a column counts those', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), fc.nat(80), (text, bytes) => {
        const whole = text.replace(/[\0\p{Surrogate}]/gu, '.');
        const row = fitted({ ai_response: { data: { description: whole } } }, { body: { bytes } });
        const most = longestWithin(whole, bytes);
        expect(row.body).toBe(most);
        expect(row.metadata).toBe(most === whole ? '{}' : `{"truncated":{"body":${[...whole].length}}}`);
      }),
    );
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
