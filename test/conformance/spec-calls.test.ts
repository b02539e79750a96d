import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../src/db/database.js';
import { openPostgres } from '../../src/db/pg.js';
import { createUser, newPostgresDatabase } from '../harness/databases.js';
import type { PostgresDatabase } from '../harness/postgres-databases.js';
import { withinOneHour } from '../harness/within-one-hour.js';
import { makeHook, NOBODY, putDelivery, rowOf, rows, trigger } from './spec-helpers.js';
import { psql } from './spec-psql.js';

// Word for word from the specification; only the ids are filled in where it writes '…'.
const CREATE = `SELECT * FROM create_webhook(p_name := 'Production Video Webhook', p_url := 'https://api.example.com/webhooks/video',
  p_description := 'Receive video generation events', p_event_types := ARRAY['video.generated','video.failed'],
  p_max_retries := 5, p_timeout_seconds := 60);`;
const TRIGGER = `SELECT * FROM trigger_webhook_event(p_event_type := 'video.generated', p_payload := jsonb_build_object(
  'video_id', 'v1', 'user_id', 'u1', 'status', 'completed', 'url', 'https://storage.example.com/videos/abc123.mp4'));`;
const STATISTICS = "SELECT * FROM get_webhook_statistics(p_webhook_id := '…', p_days := 7);";
const HISTORY = `SELECT id, event_type, status, response_status, response_time_ms,
  attempt_number, created_at FROM webhook_deliveries WHERE webhook_id = '…' ORDER BY created_at DESC LIMIT 10;`;

describe('the calls of the specification, as written, in psql', () => {
  let database: PostgresDatabase;
  let db: Database;
  let user = '';
  beforeAll(async () => {
    database = await newPostgresDatabase();
    db = openPostgres({ connectionString: database.url });
    user = await createUser(db);
  });
  beforeEach(() => withinOneHour(db));
  afterAll(async () => {
    await db?.close();
    await database?.drop();
  });

  const asUser = (sql: string, sub = user) => psql(sql, { url: database.url, role: 'authenticated', sub });
  const asService = (sql: string) => psql(sql, { url: database.url, role: 'service_role' });
  const filledIn = (sql: string, id: string) => sql.replace('…', id);

  it('create_webhook', async () => {
    const [made, ...more] = await asUser(CREATE);
    expect(more).toEqual([]);
    expect(Object.keys(made ?? {})).toEqual(['webhook_id', 'webhook_secret', 'subscribed_events']);
    expect(made?.['webhook_secret']).toMatch(/^[0-9a-f]{64}$/);
    expect(JSON.parse(made?.['subscribed_events'] ?? '').sort()).toEqual(['video.failed', 'video.generated']);
    expect(await rowOf(db, 'webhooks', made?.['webhook_id'] ?? '')).toMatchObject({
      user_id: user,
      name: 'Production Video Webhook',
      url: 'https://api.example.com/webhooks/video',
      description: 'Receive video generation events',
      max_retries: 5,
      timeout_seconds: 60,
      retry_enabled: true,
    });
  });

  it('trigger_webhook_event', async () => {
    const hook = await makeHook(db, user);
    const made = await asService(TRIGGER);
    const mine = made.find((row) => row['webhook_id'] === hook.id);
    expect(mine).toEqual({ delivery_id: expect.any(String), webhook_id: hook.id, webhook_url: hook.url });
    expect(await rowOf(db, 'webhook_deliveries', mine?.['delivery_id'] ?? '')).toMatchObject({
      event_type: 'video.generated',
      status: 'pending',
      request_payload: {
        video_id: 'v1',
        user_id: 'u1',
        status: 'completed',
        url: 'https://storage.example.com/videos/abc123.mp4',
      },
    });
    await expect(asUser(TRIGGER)).rejects.toThrow('permission denied for function trigger_webhook_event');
  });

  it('get_webhook_statistics', async () => {
    const hook = await makeHook(db, user);
    const [empty] = await asUser(filledIn(STATISTICS, hook.id));
    expect(empty).toEqual({
      total_deliveries: '0',
      successful_deliveries: '0',
      failed_deliveries: '0',
      success_rate: '',
      avg_response_time_ms: '',
      deliveries_by_day: '{}',
      deliveries_by_event_type: '{}',
    });
    await putDelivery(db, hook, { status: 'success', responseStatus: 200, responseTimeMs: 235 });
    await putDelivery(db, hook, { status: 'success', responseStatus: 200, responseTimeMs: 236, type: 'credit.added' });
    await putDelivery(db, hook, { status: 'failed' });
    const [today] = await rows<{ day: string }>(db, "SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day");
    const [answer] = await asUser(filledIn(STATISTICS, hook.id));
    expect(answer).toMatchObject({
      total_deliveries: '3',
      successful_deliveries: '2',
      failed_deliveries: '1',
      success_rate: '66.67',
    });
    expect(Number(answer?.['avg_response_time_ms'])).toBe(235.5);
    expect(JSON.parse(answer?.['deliveries_by_day'] ?? '')).toEqual({ [today?.day ?? '']: 3 });
    expect(JSON.parse(answer?.['deliveries_by_event_type'] ?? '')).toEqual({ 'video.generated': 2, 'credit.added': 1 });
  });

  it('the owner’s history: the ten newest, newest first, and nothing for anyone else', async () => {
    const hook = await makeHook(db, user);
    const ids: string[] = [];
    for (let n = 0; n < 12; n += 1) {
      const made = await trigger(db, 'video.generated', { n }, user);
      ids.unshift(made.find(({ webhook_id }) => webhook_id === hook.id)?.delivery_id ?? '');
    }
    const history = await asUser(filledIn(HISTORY, hook.id));
    expect(history.map((row) => row['id'])).toEqual(ids.slice(0, 10));
    expect(history[0]).toEqual({
      id: ids[0],
      event_type: 'video.generated',
      status: 'pending',
      response_status: '',
      response_time_ms: '',
      attempt_number: '0',
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/),
    });
    const stranger = await createUser(db);
    expect(await asUser(filledIn(HISTORY, hook.id), stranger)).toEqual([]);
    expect(await asUser(filledIn(HISTORY, NOBODY))).toEqual([]);
  });
});
