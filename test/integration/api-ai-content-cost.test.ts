import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Queryable } from '../../src/db/database.js';
import { type ContentFilter, listContent, readContent } from '../../src/manage/content/content.js';
import { buffersOf } from '../harness/buffers.js';
import { createUser, openTestDatabase, type TestDatabase } from '../harness/databases.js';

const [FEW, MANY] = [6_000, 30_000];
/** Of the busy user's one in 100 has failed, and none was refused; one in 1,000 is of the other. */
const PUT = `INSERT INTO ai_content (title, body, metadata, event_name, callback_state, event_state)
  SELECT 'title', repeat('x', 200), jsonb_build_object('user_id', CASE WHEN n % 1000 = 0 THEN $2::text ELSE $1::text END), 'video.generated',
         CASE WHEN n % 100 = 7 THEN 'failed' ELSE 'done' END, 'done' FROM generate_series($3::int, $4::int) n`;

describe('what a list of received webhooks reads (postgres)', () => {
  let opened: TestDatabase;
  let busy: string;
  let small: string;
  let reads: Readonly<Record<string, () => Promise<number>>>;
  const few: Record<string, number> = {};
  beforeAll(async () => {
    opened = await openTestDatabase('postgres');
    // What the planner knows is of an empty table.
    await opened.db.query('ALTER TABLE ai_content SET (autovacuum_enabled = false)', []);
    await opened.db.query('ANALYZE ai_content', []);
    [busy, small] = [await createUser(opened.db), await createUser(opened.db)];
    await opened.db.query(PUT, [busy, small, 1, FEW]);
    reads = readsOf();
    for (const [name, read] of Object.entries(reads)) few[name] = await read();
    await opened.db.query(PUT, [busy, small, FEW + 1, MANY]);
  });
  afterAll(() => opened.drop());

  const cost = (userId: string | null, run: (tx: Queryable) => Promise<unknown>): Promise<number> =>
    buffersOf(opened.db, userId, run);
  const page = (userId: string | null, filter: ContentFilter) => () =>
    cost(userId, (tx) => listContent(tx, filter, { limit: 50, after: null }));

  const readsOf = () => ({
    'of a user': page(busy, {}),
    'of a user, that failed': page(busy, { callbackState: 'failed' }),
    'of a user, that were refused, where none was': page(busy, { callbackState: 'refused' }),
    'of a user, of a name that never was': page(busy, { eventName: 'no.such' }),
    'of a user beside, who has few': page(small, {}),
    'of a user beside, who has few, that were refused': page(small, { callbackState: 'refused' }),
    'for the service, of everybody': page(null, {}),
    'for the service, of everybody, that were refused': page(null, { callbackState: 'refused' }),
    'for the service, of everybody, of a name and a state': page(null, { eventName: 'no.such', eventState: 'failed' }),
    'for the service, of a user who has few': page(null, { userId: small }),
    one: () => cost(busy, (tx) => readContent(tx, '7')),
  });

  it.each(['as it was when the table was empty', 'of the table as it is'])(
    'is no more of a long inbox than of a short one, by what the planner knows %s',
    async (knowledge) => {
      if (knowledge.endsWith('as it is')) await opened.db.query('ANALYZE ai_content', []);
      const over: Record<string, string> = {};
      for (const [name, read] of Object.entries(reads)) {
        const many = await read();
        // Of whom there are more rows, up to a page of them, more is read; and a level more of an index.
        const more = name.includes('has few') ? 3 * 100 : 3;
        if (many > Math.max((few[name] ?? 0) * 1.5, (few[name] ?? 0) + more)) over[name] = `${few[name]} → ${many}`;
      }
      expect(over).toEqual({});
    },
  );
});
