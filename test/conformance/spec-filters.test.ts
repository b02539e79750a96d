import { beforeAll, expect, it } from 'vitest';
import { asUserId, createUser, describeOnEachDatabase } from '../harness/databases.js';
import { expectHint, type Hook, makeHook, one, trigger } from './spec-helpers.js';

/** A filter, payloads that it lets through, payloads that it does not. From DESIGN.md, Filters. */
const CASES: readonly [string, unknown, readonly unknown[], readonly unknown[]][] = [
  ['no filter lets all through', null, [{}, { a: 1 }], []],
  ['an empty filter lets all through', {}, [{}, { a: 1 }], []],
  ['a plain value', { s: 'done' }, [{ s: 'done', more: 1 }], [{ s: 'failed' }, {}, { s: null }, { t: 'done' }]],
  ['a plain number, whatever its digits', { n: 10 }, [{ n: 10.0 }], [{ n: 11 }, { n: '10' }]],
  ['a plain boolean and a plain null', { b: true, z: null }, [{ b: true, z: null }], [{ b: true }, { b: 1, z: null }]],
  ['all fields together', { a: 1, b: 2 }, [{ a: 1, b: 2 }], [{ a: 1 }, { a: 1, b: 3 }]],
  [
    'objects descend',
    { v: { kind: 'short' } },
    [{ v: { kind: 'short', n: 1 } }],
    [{ v: { kind: 'long' } }, { v: 'short' }, {}],
  ],
  ['objects descend to operators', { v: { n: { $gt: 1 } } }, [{ v: { n: 2 } }], [{ v: { n: 1 } }, { v: 2 }, {}]],
  ['$eq', { a: { $eq: 1 } }, [{ a: 1 }], [{ a: 2 }, { a: '1' }, {}]],
  ['$eq of a whole object', { a: { $eq: { x: 1 } } }, [{ a: { x: 1 } }], [{ a: { x: 1, y: 2 } }]],
  ['$ne', { a: { $ne: 1 } }, [{ a: 2 }, { a: '1' }, { a: null }, {}], [{ a: 1 }]],
  ['$gt', { n: { $gt: 5 } }, [{ n: 6 }, { n: 5.1 }], [{ n: 5 }, { n: 4 }, { n: '6' }, { n: null }, { n: true }, {}]],
  ['$gte', { n: { $gte: 5 } }, [{ n: 5 }, { n: 6 }], [{ n: 4.9 }, { n: '5' }, {}]],
  ['$lt', { n: { $lt: 5 } }, [{ n: 4 }, { n: -1 }], [{ n: 5 }, { n: '4' }, { n: null }, {}]],
  ['$lte', { n: { $lte: 5 } }, [{ n: 5 }, { n: 4 }], [{ n: 5.1 }, {}]],
  ['$gt on strings', { s: { $gt: 'b' } }, [{ s: 'c' }, { s: 'ba' }], [{ s: 'b' }, { s: 'a' }, { s: 9 }]],
  ['a range', { n: { $gte: 1, $lt: 3 } }, [{ n: 1 }, { n: 2 }], [{ n: 3 }, { n: 0 }]],
  ['$in', { a: { $in: [1, 'x'] } }, [{ a: 1 }, { a: 'x' }], [{ a: '1' }, { a: 2 }, {}]],
  ['$nin', { a: { $nin: [1, 'x'] } }, [{ a: '1' }, { a: 2 }, {}], [{ a: 1 }, { a: 'x' }]],
  ['$exists: true', { a: { $exists: true } }, [{ a: 0 }, { a: null }, { a: [] }], [{}]],
  ['$exists: false', { a: { $exists: false } }, [{}, { b: 1 }], [{ a: 0 }, { a: null }]],
  ['$exists: false under a missing object', { a: { b: { $exists: false } } }, [{}, { a: {} }], [{ a: { b: 1 } }]],
  ['$startsWith', { s: { $startsWith: 'vi' } }, [{ s: 'video' }], [{ s: 'a video' }, { s: 'VI' }, { s: 1 }, {}]],
  ['$endsWith', { s: { $endsWith: 'eo' } }, [{ s: 'video' }], [{ s: 'eon' }, { s: 1 }, {}]],
  ['$contains', { s: { $contains: 'de' } }, [{ s: 'video' }], [{ s: 'vid' }, { s: 1 }, {}]],
  ['text with the letters of a pattern', { s: { $contains: '%_.*' } }, [{ s: 'a%_.*b' }], [{ s: 'abcd' }]],
  ['$not', { n: { $not: { $gt: 5 } } }, [{ n: 5 }, { n: '9' }, {}], [{ n: 6 }]],
  ['$or of whole filters', { $or: [{ a: 1 }, { b: 2 }] }, [{ a: 1 }, { b: 2 }], [{ a: 2 }, {}]],
  ['$and of whole filters', { $and: [{ a: 1 }, { b: 2 }] }, [{ a: 1, b: 2 }], [{ a: 1 }, { b: 2 }]],
  ['$or inside a field', { n: { $or: [{ $lt: 0 }, { $gt: 9 }] } }, [{ n: -1 }, { n: 10 }], [{ n: 5 }, {}]],
  ['$and inside a field', { n: { $and: [{ $gt: 0 }, { $lt: 9 }] } }, [{ n: 1 }], [{ n: 0 }, { n: 9 }]],
  ['an array: any element equals', { t: 'a' }, [{ t: ['a', 'b'] }, { t: 'a' }], [{ t: ['b'] }, { t: [] }]],
  ['an array: any element compares', { n: { $gt: 5 } }, [{ n: [1, 6] }], [{ n: [1, 5] }, { n: [] }]],
  ['an array: any element differs', { n: { $ne: 1 } }, [{ n: [1, 2] }], [{ n: [1, 1] }]],
  [
    'an array: any object fulfils',
    { i: { p: { $gt: 5 } } },
    [{ i: [{ p: 1 }, { p: 6 }] }],
    [{ i: [{ p: 1 }] }, { i: [] }],
  ],
  ['an array: text in any element', { t: { $contains: 'id' } }, [{ t: ['x', 'video'] }], [{ t: ['x'] }]],
];

const MALFORMED: readonly unknown[] = [
  [],
  'done',
  5,
  true,
  { a: { $gtt: 1 } },
  { $where: '1' },
  { a: { $in: 1 } },
  { a: { $nin: {} } },
  { a: { $exists: 'yes' } },
  { a: { $startsWith: 1 } },
  { a: { $contains: null } },
  { a: { $gt: {} } },
  { a: { $lt: [1] } },
  { a: { $not: 1 } },
  { $and: {} },
  { $or: [1] },
  { deep: { down: { $no: 1 } } },
];

const TYPE = 'video.generated';

describeOnEachDatabase('filters of a subscription', (ctx) => {
  let user = '';
  let hook: Hook;
  beforeAll(async () => {
    user = await createUser(ctx.db());
    hook = await makeHook(ctx.db(), user, { types: [TYPE] });
  });

  const setFilter = (filter: unknown) =>
    asUserId(ctx.db(), user, (tx) =>
      one<{ filters: unknown }>(
        tx,
        'UPDATE webhook_event_subscriptions SET filters = $2::jsonb WHERE webhook_id = $1::uuid RETURNING filters',
        [hook.id, filter === null ? null : JSON.stringify(filter)],
      ),
    );
  const passes = async (payload: unknown) => (await trigger(ctx.db(), TYPE, payload, user)).length === 1;

  for (const [name, filter, through, held] of CASES) {
    it(name, async () => {
      expect((await setFilter(filter)).filters).toEqual(filter);
      for (const payload of through) expect(await passes(payload), JSON.stringify(payload)).toBe(true);
      for (const payload of held) expect(await passes(payload), JSON.stringify(payload)).toBe(false);
    });
  }

  it('a filter that is not well formed is refused when it is written, with a hint', async () => {
    await setFilter({ kept: 1 });
    for (const filter of MALFORMED) {
      await expectHint(setFilter(filter));
      const inserted = asUserId(ctx.db(), user, (tx) =>
        tx.query(
          `INSERT INTO webhook_event_subscriptions (webhook_id, event_type, filters)
           VALUES ($1::uuid, 'video.failed', $2::jsonb)`,
          [hook.id, JSON.stringify(filter)],
        ),
      );
      await expectHint(inserted);
    }
    expect(await passes({ kept: 1 })).toBe(true);
    expect(await passes({ kept: 2 })).toBe(false);
  });
});
