import { gather, mysqlStore, type NewContent, planetscaleStore, type Store } from '@hookline/receiver';
import { Client, type Config } from '@planetscale/database';
import fc from 'fast-check';
import type { RowDataPacket } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeStore, eventOf, newContent } from '../../packages/receiver/test/store-conformance.js';
import { type PlanetscaleGateway, startPlanetscaleGateway } from '../../src/dev/planetscale-gateway/gateway.js';
import { type MariadbDatabase, newMariadbDatabase } from '../harness/mariadb-databases.js';
import { mysqlTable } from './stores-mysql-table.js';

type Fetch = NonNullable<Config['fetch']>;

/** Stores over MySQL that write together what comes together. */
describe('a store that gathers', () => {
  let database: MariadbDatabase;
  let gateway: PlanetscaleGateway;
  beforeAll(async () => {
    database = await newMariadbDatabase();
    gateway = await startPlanetscaleGateway({ mysql: database.url, user: 'user', password: 'pscale_pw_1' });
  });
  afterAll(async () => {
    await gateway.close();
    await database.drop();
  });

  describe('over PlanetScale', () => {
    describeStore({
      ...mysqlTable(() => database.pool),
      store: () => planetscaleStore({ url: gateway.url, gather }),
      forgetful: () => planetscaleStore({ url: gateway.url, keepPayload: false, gather }),
    });
  });

  describe('over mysql2', () => {
    describeStore({
      ...mysqlTable(() => database.pool),
      store: () => mysqlStore(database.pool, { gather }),
      forgetful: () => mysqlStore(database.pool, { keepPayload: false, gather }),
    });
  });

  const clear = (): Promise<unknown> => database.pool.query('DELETE FROM ai_content');
  const storeWith = (send: Fetch): Store =>
    planetscaleStore({ client: new Client({ url: gateway.url, fetch: send }), gather });
  const row = (id: string) => mysqlTable(() => database.pool).row(id);
  const leaseOf = ({ callback }: NewContent): string => ('lease' in callback ? callback.lease.token : '');

  /** The store, and the statements that it sent. */
  function watched(): { store: Store; sent: string[] } {
    const sent: string[] = [];
    const store = storeWith((input, init) => {
      sent.push((JSON.parse(init?.body ?? '{}') as { query: string }).query);
      return fetch(input, init);
    });
    return { store, sent };
  }

  it.each(['callback', 'event'] as const)('writes every %s that is done at once under its own lease', async (kind) => {
    const { store, sent } = watched();
    const works = await Promise.all(
      Array.from({ length: 30 }, async (_, n) => {
        const content = newContent();
        const { id } = await store.insert(content);
        const begun = kind === 'callback' ? content.callback : content.emission;
        const held = begun !== undefined && 'lease' in begun ? begun.lease.token : '';
        const lost = n % 10 === 9;
        const eventId = `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
        return { id, idempotencyKey: content.idempotencyKey, leaseToken: lost ? 'another' : held, lost, eventId };
      }),
    );
    sent.length = 0;
    const states = await Promise.all(
      works.map((work) => store.finish(kind, work, { state: 'done', ...(kind === 'event' && work) })),
    );
    expect(states).toEqual(works.map(({ lost }) => (lost ? null : 'done')));
    expect(sent.length).toBeLessThan(10);
    for (const { id, lost, eventId } of works) {
      expect(await row(id)).toMatchObject({
        [`${kind}_state`]: lost ? 'pending' : 'done',
        event_id: kind === 'event' && !lost ? eventId : null,
      });
    }
  });

  it('stores what comes at once by a few statements, each row with its own content, lease and id', async () => {
    const { store, sent } = watched();
    const contents = Array.from({ length: 50 }, (_, n) =>
      newContent({ title: `Title ${n}`, event: eventOf(`{"n":${n}}`) }),
    );
    const stored = await Promise.all(contents.map((content) => store.insert(content)));
    expect(sent.length).toBeLessThan(10);
    expect(new Set(stored.map(({ id }) => id)).size).toBe(50);
    for (const [n, { id, savedAt, created }] of stored.entries()) {
      expect(created).toBe(true);
      const made = await row(id);
      expect(made).toMatchObject({
        title: `Title ${n}`,
        payload: `{"n":${n}}`,
        idempotency_key: contents[n]?.idempotencyKey,
        callback_lease: leaseOf(contents[n] as NewContent),
        created_at: savedAt,
        repeats: '0',
      });
    }
  });

  it('stores rows of different columns, states and lengths that come at once', async () => {
    const { store, sent } = watched();
    const long = `{"long":"${'x'.repeat(200_000)}"}`;
    const contents = [
      ...Array.from({ length: 6 }, () => newContent({ columns: { quality_score: 0.5 } })),
      ...Array.from({ length: 6 }, () => newContent({ callback: { state: 'refused', error: 'origin_not_allowed' } })),
      ...Array.from({ length: 6 }, () => newContent({ event: eventOf(long) })),
      ...Array.from({ length: 6 }, () => newContent()),
    ];
    const stored = await Promise.all(contents.map((content) => store.insert(content)));
    // Six long ones would not fit into one statement.
    expect(Math.max(...sent.map((statement) => statement.length))).toBeLessThan(300_000);
    for (const [n, { id }] of stored.entries()) {
      expect(await row(id)).toMatchObject({
        quality_score: n < 6 ? '0.5' : null,
        callback_state: n >= 6 && n < 12 ? 'refused' : 'pending',
        payload: contents[n]?.event.text,
      });
    }
  });

  it('stores each key once and tells each caller what became of it, whatever comes at once', async () => {
    const webhook = fc.record({
      key: fc.integer({ min: 0, max: 5 }),
      text: fc.constantFrom('{"a":1}', '{"a":2}'),
      isTooLong: fc.boolean(),
      hasCallback: fc.boolean(),
    });
    const burst = fc.array(webhook, { minLength: 1, maxLength: 25 });
    await fc.assert(
      fc.asyncProperty(fc.array(burst, { minLength: 1, maxLength: 3 }), async (bursts) => {
        await clear();
        const stores = [watched().store, mysqlStore(database.pool, { gather })];
        const ends: {
          key: string;
          text: string;
          isTooLong: boolean;
          token: string;
          end: PromiseSettledResult<unknown>;
        }[] = [];
        for (const burst of bursts) {
          const contents = burst.map(({ key, text, isTooLong, hasCallback }) =>
            newContent({
              idempotencyKey: `key:${key}`,
              event: eventOf(text),
              ...(isTooLong && { channelId: 'c'.repeat(40) }),
              ...(!hasCallback && {
                callback: { state: 'refused', error: 'no' },
                emission: { state: 'skipped', error: 'no' },
              }),
            }),
          );
          const settled = await Promise.allSettled(
            contents.map((content, n) => (stores[n % 2] as Store).insert(content)),
          );
          for (const [n, end] of settled.entries()) {
            const { idempotencyKey: key, event, channelId } = contents[n] as NewContent;
            ends.push({
              key,
              text: event.text,
              isTooLong: (channelId ?? '').length > 36,
              token: leaseOf(contents[n] as NewContent),
              end,
            });
          }
        }
        const [rows] = await database.pool.query<RowDataPacket[]>(
          'SELECT CAST(id AS CHAR) AS id, idempotency_key, payload, repeats, differing_repeats, callback_lease FROM ai_content',
        );
        const fine = ends.filter(({ isTooLong }) => !isTooLong);
        expect(rows.map((row) => row['idempotency_key']).toSorted()).toEqual(
          [...new Set(fine.map(({ key }) => key))].toSorted(),
        );
        for (const { end, isTooLong } of ends) {
          expect(end.status).toBe(isTooLong ? 'rejected' : 'fulfilled');
          if (end.status === 'rejected') expect(end.reason).toMatchObject({ name: 'UnstorableError' });
        }
        for (const row of rows) {
          const same = fine.filter(({ key }) => key === row['idempotency_key']);
          const values = same.map(({ end, text, token }) => ({
            ...(end as PromiseFulfilledResult<Awaited<ReturnType<Store['insert']>>>).value,
            text,
            token,
          }));
          expect(new Set(values.map(({ id }) => id))).toEqual(new Set([row['id']]));
          const created = values.filter(({ created }) => created);
          expect(created).toHaveLength(1);
          expect(created[0]?.text).toBe(row['payload']);
          if (created[0]?.token !== '') expect(created[0]?.token).toBe(row['callback_lease']);
          expect(row['repeats']).toBe(same.length - 1);
          expect(row['differing_repeats']).toBe(values.filter(({ differs }) => differs).length);
          for (const { created, differs, text } of values) expect(differs).toBe(!created && text !== row['payload']);
        }
      }),
      { numRuns: 100 },
    );
  }, 120_000);

  it('lets one that the database refuses fail alone', async () => {
    const { store } = watched();
    const contents = Array.from({ length: 12 }, (_, n) => newContent(n === 7 ? { category: 'c'.repeat(101) } : {}));
    const ends = await Promise.allSettled(contents.map((content) => store.insert(content)));
    expect(ends.map(({ status }) => status)).toEqual(contents.map((_, n) => (n === 7 ? 'rejected' : 'fulfilled')));
    expect(ends[7]).toMatchObject({ reason: { name: 'UnstorableError' } });
  });

  it('tells everybody of the batch when the database is away', async () => {
    const away = planetscaleStore({ url: 'http://user:password@127.0.0.1:1', gather });
    const work = { id: '1', idempotencyKey: 'a'.repeat(64), leaseToken: 'mine' };
    const ends = await Promise.allSettled([
      ...Array.from({ length: 5 }, () => away.finish('callback', work, { state: 'done' })),
      ...Array.from({ length: 5 }, () => away.insert(newContent())),
    ]);
    expect(ends.map(({ status }) => status)).toEqual(Array(10).fill('rejected'));
  });

  it('does not wait for a statement that hangs', async () => {
    let calls = 0;
    const store = storeWith((input, init) =>
      calls++ === 0 ? new Promise<never>(() => undefined) : fetch(input, init),
    );
    const hanging = store.insert(newContent()).catch(() => undefined);
    const stored = await Promise.all(Array.from({ length: 5 }, () => store.insert(newContent())));
    expect(stored.map(({ created }) => created)).toEqual(Array(5).fill(true));
    expect(await Promise.race([hanging, 'it hangs'])).toBe('it hangs');
  });

  it('takes a row that is gone before its id is read for none, and stores it again', async () => {
    let isLookedUp = false;
    const store = storeWith(async (input, init) => {
      if (init?.body?.includes('SELECT CAST(id AS CHAR)') && !isLookedUp) {
        isLookedUp = true;
        await clear();
      }
      return fetch(input, init);
    });
    const stored = await Promise.all(Array.from({ length: 5 }, () => store.insert(newContent())));
    expect(isLookedUp).toBe(true);
    expect(stored.map(({ created }) => created)).toEqual(Array(5).fill(true));
    // The first went alone, and knows its id.
    for (const { id } of stored.slice(1)) expect(await row(id)).toMatchObject({ id });
  });

  it('takes no answer for success that says of too few rows', async () => {
    const store = storeWith(async (input, init) => {
      const answer = await fetch(input, init);
      const { session } = (await answer.json()) as { session: object };
      return new Response(JSON.stringify({ session, result: { rowsAffected: '1', insertId: '7' } }));
    });
    const ends = await Promise.allSettled(Array.from({ length: 5 }, () => store.insert(newContent())));
    // The first goes alone, and for one row it is an answer.
    expect(ends.map(({ status }) => status)).toEqual(['fulfilled', ...Array(4).fill('rejected')]);
  });
});
