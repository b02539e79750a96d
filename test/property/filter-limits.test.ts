import { beforeAll, expect, it } from 'vitest';
import { asService } from '../../src/db/roles.js';
import { type Hook, makeHook, one, sqlError } from '../conformance/spec-helpers.js';
import { asUserId, createUser, describeOnEachDatabase } from '../harness/databases.js';

const times = (count: number, text: (n: number) => string) => Array.from({ length: count }, (_, n) => text(n)).join();
const nested = (levels: number, open: string, close: string) => `${open.repeat(levels)}1${close.repeat(levels)}`;

/** What is refused when it is written, and the largest of its kind that is not. The filter itself is the first level and the first condition. */
const LIMITS: readonly [string, string, string, RegExp][] = [
  ['objects', nested(9, '{"a":', '}'), nested(10, '{"a":', '}'), /10 levels/],
  ['arrays', `{"a":${nested(8, '[', ']')}}`, `{"a":${nested(9, '[', ']')}}`, /10 levels/],
  ['operators', `{"a":${nested(4, '{"$not":{"a":', '}}')}}`, `{"a":${nested(5, '{"$not":{"a":', '}}')}}`, /10 levels/],
  ['conditions', `{${times(199, (n) => `"${n}":1`)}}`, `{${times(200, (n) => `"${n}":1`)}}`, /200 conditions/],
  [
    'values of a list',
    `{"a":{"$in":[${times(197, String)}]}}`,
    `{"a":{"$in":[${times(198, String)}]}}`,
    /200 conditions/,
  ],
  ['bytes', `{"a": "${'x'.repeat(8183)}"}`, `{"a": "${'x'.repeat(8184)}"}`, /8192 bytes/],
  ['bytes of UTF-8', `{"a": "${'ü'.repeat(4091)}"}`, `{"a": "${'ü'.repeat(4092)}"}`, /8192 bytes/],
  ['digits', '{"a": 1e8000}', '{"a": 1e9000}', /8192 bytes/],
];

const HOSTILE: readonly [string, string, RegExp][] = [
  ['a thousand levels of objects', nested(1_000, '{"a":', '}'), /8192 bytes|10 levels/],
  ['a thousand levels of arrays', `{"a":${nested(1_000, '[', ']')}}`, /10 levels/],
  ['a hundred thousand operators', `{"$and":[${times(100_000, (n) => `{"a":{"$gt":${n}}}`)}]}`, /8192 bytes/],
  ['a thousand empty filters', `{"$or":[${times(1_000, () => '{}')}]}`, /200 conditions/],
  ['a text of 4 MiB', `{"a":"${'x'.repeat(4 << 20)}"}`, /8192 bytes/],
  ['a malformed key that is written twice, the last time', '{"a":1,"a":{"$no":1}}', /\$no is no operator/],
];

/** Accepted filters that cost much, and payloads of up to 256 KiB that no filter of theirs ever fulfils. */
const COSTLY: readonly [string, string, string][] = [
  ['one condition, 130,000 numbers', '{"a":{"$gt":2}}', `{"a":[${times(130_000, () => '1')}]}`],
  ['60 conditions, 130,000 numbers', any(60, (n) => `{"a":{"$gt":${n + 2}}}`), `{"a":[${times(130_000, () => '1')}]}`],
  ['60 conditions, 1,000 numbers', any(60, (n) => `{"a":{"$gt":${n + 2}}}`), `{"a":[${times(1_000, () => '1')}]}`],
  ['a list of 190', `{"a":{"$in":[${times(190, (n) => `${n + 2}`)}]}}`, `{"a":[${times(130_000, () => '1')}]}`],
  ['95 fields, 80,000 objects', `{"a":{${times(95, (n) => `"k${n}":1`)}}}`, `{"a":[${times(80_000, () => '{}')}]}`],
  [
    '60 texts in 250,000 letters',
    any(60, () => `{"a":{"$contains":"${'a'.repeat(40)}b"}}`),
    `{"a":"${'a'.repeat(250_000)}"}`,
  ],
  ['a text of 8,000 letters', `{"a":{"$contains":"b${'a'.repeat(8_000)}"}}`, `{"a":"${'a'.repeat(250_000)}"}`],
  ['arrays in arrays', '{"a":{"$gt":2}}', `{"a":[${times(900, () => `[${times(128, () => '1')}]`)}]}`],
];

function any(count: number, filter: (n: number) => string): string {
  return `{"$or":[${times(count, filter)}]}`;
}

describeOnEachDatabase('limits of a filter', (ctx) => {
  let user = '';
  let hook: Hook;
  beforeAll(async () => {
    user = await createUser(ctx.db());
    hook = await makeHook(ctx.db(), user);
  });

  const write = (filter: string) =>
    asUserId(ctx.db(), user, (tx) =>
      one(
        tx,
        'UPDATE webhook_event_subscriptions SET filters = $2::jsonb WHERE webhook_id = $1::uuid RETURNING filters',
        [hook.id, filter],
      ),
    );
  const isThrough = async (filter: string, payload: string) =>
    (
      await asService(ctx.db(), (tx) =>
        one<{ is: boolean }>(tx, 'SELECT hookline.filter_matches($1::jsonb, $2::jsonb) AS is', [filter, payload]),
      )
    ).is;

  it.each(LIMITS)('%s: the largest is taken, one more is refused', async (_, largest, tooLarge, reason) => {
    await write(largest);
    const error = await sqlError(write(tooLarge));
    expect(error.code).toBe('HK006');
    expect(error.message).toMatch(reason);
  });

  it.each(HOSTILE)('%s: refused when it is written', async (_, filter, reason) => {
    const error = await sqlError(write(filter));
    expect(error.code).toBe('HK006');
    expect(error.message).toMatch(reason);
  });

  it('the last of two equal keys counts', async () => {
    expect(await write('{"a":{"$no":1},"a":1}')).toEqual({ filters: { a: 1 } });
  });

  it.each(COSTLY)('%s: what the steps of one match do not decide goes through', async (_, filter, payload) => {
    await write(filter);
    expect(await isThrough(filter, payload)).toBe(true);
    expect(await isThrough(`{"$not":${filter}}`, payload)).toBe(true);
  });

  it('arrays of an ordinary size are searched to their end', async () => {
    const numbers = `{"a":[${times(3_000, () => '1')}]}`;
    expect(await isThrough('{"a":{"$gt":1}}', numbers)).toBe(false);
    expect(await isThrough('{"a":{"$not":{"$gt":1}}}', numbers)).toBe(true);
    const objects = `{"items":[${times(500, (n) => `{"sku":"s${n}","price":${n}}`)}]}`;
    expect(await isThrough('{"items":{"sku":{"$startsWith":"s"},"price":{"$gt":498}}}', objects)).toBe(true);
    expect(await isThrough('{"items":{"sku":{"$startsWith":"s"},"price":{"$gt":499}}}', objects)).toBe(false);
  });

  it('a plain value is looked for in any array', async () => {
    expect(await isThrough('{"a":2}', `{"a":[${times(100_000, () => '1')}]}`)).toBe(false);
  });

  it('no payload makes a filter fail: arrays 2,000 deep, the longest numbers', async () => {
    await write('{"a":{"$gt":2}}');
    for (const [open, close] of [
      ['[', ']'],
      ['{"b":', '}'],
    ] as const) {
      expect(await isThrough('{"a":{"$not":{"$gt":0}}}', `{"a":${nested(2_000, open, close)}}`)).toBeTypeOf('boolean');
    }
    expect(await isThrough('{"a":{"$gt":2}}', `{"a":${nested(800, '[', ']')}}`)).toBe(false);
    expect(await isThrough('{"a":{"$gt":0}}', `{"a":${nested(800, '[', ']')}}`)).toBe(true);
    const nines = '9'.repeat(131_072);
    expect(await isThrough('{"a":{"$gt":-1}}', `{"a":${nines}}`)).toBe(true);
    expect(await isThrough('{"a":{"$lte":-1}}', `{"a":${nines}}`)).toBe(false);
    expect(await isThrough('{"a":{"$lt":1}}', `{"a":-${nines}}`)).toBe(true);
  });
});
