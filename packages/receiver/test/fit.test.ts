import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseEvent } from '../src/event.js';
import { type ColumnLimits, fitRecord } from '../src/fit.js';
import { type ContentRecord, toRecord } from '../src/record.js';
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
const record = (event: unknown): ContentRecord => fitted(event);

/** The longest beginning of whole characters that takes at most `bytes` of UTF-8. */
function longestWithin(text: string, bytes: number): string {
  let kept = '';
  for (const character of text) {
    if (Buffer.byteLength(kept + character) > bytes) break;
    kept += character;
  }
  return kept;
}

describe('fitRecord', () => {
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
