import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/db/database.js';
import { openPostgres } from '../../src/db/pg.js';
import { asService } from '../../src/db/roles.js';
import { readElsewhere } from '../../src/manage/content/elsewhere.js';
import { openReceiverStore } from '../../src/receive/receiver-store.js';
import { createUser, newPostgresDatabase, openTestDatabase, type TestDatabase } from '../harness/databases.js';
import { newMariadbDatabase } from '../harness/mariadb-databases.js';
import { startTestGateway } from '../harness/planetscale-gateway.js';
import { type ContractedApi, serveContract } from './api-callers.js';

interface List {
  readonly data: readonly { readonly id: string; readonly [field: string]: unknown }[];
  readonly next_cursor: string | null;
}

interface OtherStore {
  readonly url: string;
  run(sql: string): Promise<unknown>;
  drop(): Promise<void>;
}

const STORES: Readonly<Record<string, () => Promise<OtherStore>>> = {
  async 'a MySQL database'() {
    const { url, pool, drop } = await newMariadbDatabase();
    return { url, run: (sql) => pool.query(sql), drop };
  },
  async 'a PlanetScale database'() {
    const gateway = await startTestGateway({ migrated: true });
    return { url: gateway.url, run: (sql) => gateway.database.pool.query(sql), drop: () => gateway.close() };
  },
  async 'another PostgreSQL database'() {
    const { url, drop } = await newPostgresDatabase();
    const db = openPostgres({ connectionString: url });
    const end = async () => {
      await db.close();
      await drop();
    };
    return { url, run: (sql) => db.query(sql), drop: end };
  },
};

const EVENT_ID = '4b0c1a52-3b0e-4f0a-9d6f-0f6f6f6f6f6f';
const ADA = '11111111-2222-3333-4444-555555555555';
/** One statement in the words of both, ids from 1. */
const PUT = `INSERT INTO ai_content (title, category, channel_id, event_name, metadata, payload, idempotency_key, callback_url, callback_state, callback_attempts,
  callback_error, callback_next_at, callback_expires_at, event_state, event_id, repeats, differing_repeats, body, created_at, updated_at) VALUES
  ('one', 'general', 'c1', 'video.generated', '{"user_id": "${ADA}"}', '{"n": 12345678901234567890, "cents": 10.00}', 'k1', 'https://api.example/c', 'pending', 2,
   'http_500', '2026-03-01 10:00:00.5', '2026-03-01 11:00:00', 'done', '${EVENT_ID}', 3, 1, 'text ü 😀', '2026-02-01 10:00:00', '2026-02-02 10:00:00'),
  ('two', NULL, NULL, 'image.made', '{"user_id": "ada@example.com"}', NULL, 'k2', NULL, NULL, 0, NULL, NULL, NULL, 'skipped', NULL, 0, 0, NULL, '2026-02-03', '2026-02-03'),
  ('three', 'general', 'c3', 'Image.made', '{"user_id": null}', NULL, 'k3', NULL, 'done', 1, NULL, NULL, NULL, 'done', NULL, 0, 0, '', '2026-02-04', '2026-02-04')`;
const MANY = `INSERT INTO ai_content (title, event_name, idempotency_key)
  WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 100) SELECT 'many', 'many', concat('m', a.n, '-', b.n) FROM n a, n b WHERE b.n <= 60`;

describe.each(Object.entries(STORES))('/v1/ai-content of %s', (_, open) => {
  let own: TestDatabase;
  let store: OtherStore;
  let api: ContractedApi;
  const closing: (() => Promise<void>)[] = [];
  /** An API of our own database, with AI webhooks at this URL. */
  const serve = async (db: Database, receiverUrl: string) => {
    const receiver = openReceiverStore(db, pino({ level: 'silent' }), { receiverUrl, planetscale: undefined });
    const elsewhere = receiver.elsewhere && readElsewhere(receiver.elsewhere);
    const served = await serveContract(db, { contentElsewhere: elsewhere });
    closing.push(
      () => served.app.close(),
      () => receiver.close(),
    );
    return served;
  };
  beforeAll(async () => {
    own = await openTestDatabase('postgres');
    store = await open();
    await store.run(PUT);
    api = await serve(own.db, store.url);
  });
  afterAll(async () => {
    for (const close of closing) await close();
    await store.drop();
    await own.drop();
  });
  const list = async (query: Record<string, string | number> = {}): Promise<List> => {
    const text = new URLSearchParams(Object.entries(query).map(([key, value]) => [key, String(value)]));
    const { status, body, text: said } = await api.service<List>('GET', `/v1/ai-content?${text}`);
    expect(status, said).toBe(200);
    return body;
  };
  const titles = ({ data }: List) => data.map(({ title }) => title);
  const summary = {
    id: '1',
    title: 'one',
    category: 'general',
    event_name: 'video.generated',
    channel_id: 'c1',
    user_id: ADA,
    callback_state: 'pending',
    callback_attempts: 2,
    callback_error: 'http_500',
    event_state: 'done',
    event_id: EVENT_ID,
    event_error: null,
    repeats: 3,
    created_at: '2026-02-01T10:00:00.000000Z',
    updated_at: '2026-02-02T10:00:00.000000Z',
  };

  it('shows the service all of them, the latest first, in pages', async () => {
    const { data, next_cursor } = await list();
    expect(titles({ data, next_cursor })).toEqual(['three', 'two', 'one']);
    expect([data[2], next_cursor]).toEqual([summary, null]);
    expect(data.map(({ user_id }) => user_id)).toEqual([null, 'ada@example.com', ADA]);
    const first = await list({ limit: 2 });
    expect(titles(first)).toEqual(['three', 'two']);
    expect(titles(await list({ limit: 2, cursor: first.next_cursor ?? '' }))).toEqual(['one']);
  });

  it('filters them, by users as webhooks name them', async () => {
    expect(titles(await list({ event_name: 'image.made' }))).toEqual(['two']);
    expect(titles(await list({ callback_state: 'done' }))).toEqual(['three']);
    expect(titles(await list({ event_state: 'done' }))).toEqual(['three', 'one']);
    expect(titles(await list({ event_state: 'done', callback_state: 'pending' }))).toEqual(['one']);
    await createUser(own.db, ADA);
    expect(titles(await list({ user_id: ADA }))).toEqual(['one']);
    const named = "INSERT INTO hookline.users (user_id, external_user_id) VALUES ($1::uuid, 'ada@example.com')";
    await asService(own.db, (tx) => tx.query(named, [ADA]));
    expect(titles(await list({ user_id: ADA }))).toEqual(['two', 'one']);
    expect(titles(await list({ external_user_id: 'ada@example.com', event_name: 'image.made' }))).toEqual(['two']);
    const unknown = await api.service('GET', '/v1/ai-content?external_user_id=bob');
    expect([unknown.status, unknown.body['code']]).toEqual([422, 'unknown_user']);
  });

  it('has everything of one', async () => {
    const { body, text } = await api.service('GET', '/v1/ai-content/1');
    expect(body).toEqual({
      ...summary,
      body: 'text ü 😀',
      metadata: { user_id: ADA },
      payload: expect.anything(),
      differing_repeats: 1,
      callback_url: 'https://api.example/c',
      callback_next_at: '2026-03-01T10:00:00.500000Z',
      callback_expires_at: '2026-03-01T11:00:00.000000Z',
    });
    expect(text).toContain('12345678901234567890');
    expect(text).toContain('10.00');
    const two = await api.service('GET', '/v1/ai-content/2');
    expect(two.body).toMatchObject({ body: null, payload: null, callback_next_at: null, callback_state: null });
    for (const id of ['99', '9'.repeat(19)]) {
      const none = await api.service('GET', `/v1/ai-content/${id}`);
      expect([none.status, none.body['code']]).toEqual([404, 'content_not_found']);
    }
  });

  it('says to users that they are stored elsewhere', async () => {
    const { bearer } = await api.user();
    for (const path of ['/v1/ai-content', '/v1/ai-content/1', '/v1/ai-content/99']) {
      const { status, body } = await api.call('GET', path, { bearer });
      expect([status, body['code']]).toEqual([409, 'content_stored_elsewhere']);
    }
  });

  it('goes on where nothing matched for long', async () => {
    await store.run(MANY);
    const first = await list({ event_state: 'skipped' });
    expect(first).toEqual({ data: [], next_cursor: expect.any(String) });
    const second = await list({ event_state: 'skipped', cursor: first.next_cursor ?? '' });
    expect([titles(second), second.next_cursor]).toEqual([['two'], null]);
    expect(titles(await list({ event_name: 'many', limit: 3 }))).toEqual(['many', 'many', 'many']);
  });

  it('is a 503 while that database cannot be reached', async () => {
    const away = new URL(store.url);
    away.port = '1';
    const cut = await serve(own.db, away.href);
    for (const path of ['/v1/ai-content', '/v1/ai-content?event_state=done', '/v1/ai-content/1']) {
      const { status, body } = await cut.service('GET', path);
      expect([status, body['code']]).toEqual([503, 'database_unavailable']);
    }
  });
});
