import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Limit } from '../src/fit.js';
import type { NewContent, Store } from '../src/store.js';
import { UnstorableError } from '../src/unstorable.js';
import { eventOf, MINUTE, newContent, newLease, type StoreUnderTest } from './store-under-test.js';

/** Any text that a webhook may hold once it is checked, with much of what drivers and SQL take for their own. */
const text = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 8 }),
      fc.constantFrom(
        ...[
          "'",
          '"',
          '`',
          '\\',
          '\\0',
          "\\'",
          '?',
          ':id',
          '$1',
          '/*!',
          '*/',
          '--',
          '# ',
          '%',
          '😀',
          '\u{10ffff}',
          '\n',
          '\r',
          '\x1a',
          '\b',
        ],
      ),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join('').replaceAll('\0', ''));

const nested = (depth: number): string => `${'{"a":'.repeat(depth - 1)}{}${'}'.repeat(depth - 1)}`;

/** Text of exactly its limit: characters outside the BMP where it counts those, of several bytes where it counts bytes. */
function fullTo(limit: NonNullable<Limit>): string {
  if ('characters' in limit) return '😀'.repeat(limit.characters);
  return '€'.repeat(Math.floor(limit.bytes / 3)) + 'x'.repeat(limit.bytes % 3);
}

/** What is stored is what was given. */
export function describeContent(under: StoreUnderTest, store: Store): void {
  describe('content', () => {
    it('comes back as it was, whatever characters it holds', async () => {
      await fc.assert(
        fc.asyncProperty(fc.tuple(text, text, text, text), async ([title, body, name, value]) => {
          const webhook = JSON.stringify({ ai_response: { data: { [name]: value } } });
          const { id } = await store.insert(
            newContent({
              title,
              body,
              category: title,
              eventName: title,
              metadata: JSON.stringify({ [name]: value }),
              event: eventOf(webhook),
            }),
          );
          const row = await under.row(id);
          expect(row).toMatchObject({ title, body, category: title, event_name: title });
          expect(JSON.parse(row['metadata'] ?? '')).toEqual({ [name]: value });
          expect(JSON.parse(row['payload'] ?? '')).toEqual(JSON.parse(webhook));
        }),
        { numRuns: 100 },
      );
    });

    it('may lack channel and event', async () => {
      const { id } = await store.insert(newContent({ channelId: null, eventName: null, body: '', title: '' }));
      expect(await under.row(id)).toMatchObject({ title: '', body: '', channel_id: null, event_name: null });
    });

    it('keeps the digits of the webhook', async () => {
      // The members stand as jsonb orders them: shorter names first.
      const webhook =
        '{"ai_response":{"data":{"id":12345678901234567890,"cost":10.50,"ratio":0.1000000000000000055511151231257827}}}';
      const { id } = await store.insert(newContent({ event: eventOf(webhook) }));
      await under.age(id, 2 * MINUTE);
      const [work] = await store.claim('callback', { lease: newLease(), limit: 1 });
      expect(work?.payload.replace(/\s/g, '')).toBe(webhook);
    });

    const columns = [
      ['title', 'title', 'title'],
      ['body', 'body', 'body'],
      ['category', 'category', 'category'],
      ['channelId', 'channelId', 'channel_id'],
      ['eventName', 'eventName', 'event_name'],
    ] as const;
    it.each(columns)('takes a %s as long as its limit, and refuses a longer one', async (field, name, column) => {
      const limit = store.limits[name] ?? { characters: 1_000_000 };
      const longest = fullTo(limit);
      const { id } = await store.insert(newContent({ [field]: longest }));
      expect((await under.row(id))[column] === longest).toBe(true);
      if (store.limits[name] === null) return;
      await expect(store.insert(newContent({ [field]: `${longest}x` }))).rejects.toBeInstanceOf(UnstorableError);
    });

    it('takes a webhook as deep as its limit, and metadata as deep as the database does', async () => {
      const { metadataDepth, payloadDepth } = store.limits;
      const webhook = nested(payloadDepth);
      const { id } = await store.insert(newContent({ event: eventOf(webhook) }));
      expect((await under.row(id))['payload']?.replace(/\s/g, '')).toBe(webhook);

      const metadata = nested(metadataDepth);
      const deep = await store.insert(newContent({ metadata })).catch((error: unknown) => error);
      if (deep instanceof Error) expect(deep).toBeInstanceOf(UnstorableError);
      else expect((await under.row((deep as { id: string }).id))['metadata']?.replace(/\s/g, '')).toBe(metadata);
      const { id: shallow } = await store.insert(newContent({ metadata: nested(30) }));
      expect((await under.row(shallow))['metadata']?.replace(/\s/g, '')).toBe(nested(30));
    });

    it('fills added columns', async () => {
      const { id } = await store.insert(
        newContent({
          columns: {
            embedding_id: "e'1",
            quality_score: -0.75,
            checked: true,
            tags: { json: '["a",{"b":1}]' },
            made_at: new Date('2026-03-29T01:30:00.789Z'),
            tokens: '9007199254740993',
          },
        }),
      );
      const row = await under.row(id);
      expect(row).toMatchObject({
        embedding_id: "e'1",
        made_at: '2026-03-29T01:30:00.789Z',
        tokens: '9007199254740993',
      });
      expect(Number(row['quality_score'])).toBe(-0.75);
      expect(['true', '1']).toContain(row['checked']);
      expect(JSON.parse(row['tags'] ?? '')).toEqual(['a', { b: 1 }]);
    });

    it('takes false, whole numbers and NULL in them', async () => {
      const { id } = await store.insert(
        newContent({ columns: { checked: false, tokens: 9007199254740991, embedding_id: null, made_at: null } }),
      );
      const row = await under.row(id);
      expect(row).toMatchObject({ tokens: '9007199254740991', embedding_id: null, made_at: null });
      expect(['false', '0']).toContain(row['checked']);
    });

    const unstorable: [string, NewContent['columns']][] = [
      ['a text in a number', { tokens: 'many' }],
      ['a number with a tail', { tokens: '12 pieces' }],
      ['a number out of range', { tokens: '9223372036854775808' }],
      ['a text too long', { embedding_id: 'x'.repeat(101) }],
      ['no date', { made_at: 'tomorrow-ish' }],
    ];
    it.each(unstorable)('refuses %s for good', async (_, columns) => {
      await expect(store.insert(newContent({ columns }))).rejects.toBeInstanceOf(UnstorableError);
    });

    it('takes a column that is not there for a fault of the set-up, not of the content', async () => {
      const error = await store
        .insert(newContent({ columns: { no_such_column: 1 } }))
        .catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(Error);
      expect(error).not.toBeInstanceOf(UnstorableError);
    });
  });
}
