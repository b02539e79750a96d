import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { asService } from '../../src/db/roles.js';
import { describeOnPostgres } from '../harness/databases.js';
import { useHook } from './delivery-states.js';
import { makeHook } from './spec-helpers.js';

const THEN = '2026-11-20T10:20:30.456+00:00';
const SOON = '2036-11-20T10:20:30.456+00:00';
const STATUSES = ['pending', 'retrying', 'success', 'failed'] as const;

describeOnPostgres('a delivery that the service writes by hand', (ctx) => {
  const { db, hook, user, read } = useHook(ctx);
  /** What is not named is left out. */
  async function put(columns: Record<string, string | number>) {
    const all = {
      id: randomUUID(),
      webhook_id: hook(),
      event_type: 'video.generated',
      request_payload: '{}',
      ...columns,
    };
    const [names, values] = [Object.keys(all), Object.values(all)];
    const places = values.map((value, n) => (typeof value === 'number' ? `$${n + 1}::integer` : `$${n + 1}`));
    await asService(db(), (tx) =>
      tx.query(`INSERT INTO webhook_deliveries (${names.join(', ')}) VALUES (${places.join(', ')})`, values),
    );
    return all.id;
  }
  const set = (id: string, assignments: string) =>
    asService(db(), (tx) => tx.query(`UPDATE webhook_deliveries SET ${assignments} WHERE id = $1::uuid`, [id]));

  it('gets owner and URL of its webhook where they are not named, and keeps a URL that is', async () => {
    const other = await makeHook(db(), user());
    const url = (await read(await put({ webhook_id: other.id })))['request_url'];
    expect(url).toBe(other.url);
    const named = { webhook_id: other.id, request_url: 'https://named.example/' };
    for (const columns of [named, { ...named, user_id: user() }]) {
      expect(await read(await put(columns))).toMatchObject({ user_id: user(), request_url: 'https://named.example/' });
    }
    expect(await read(await put({ webhook_id: other.id, user_id: user() }))).toMatchObject({ request_url: other.url });
  });

  it.each(STATUSES)('and that is %s has the time of that now, or as it is named, and no other', async (status) => {
    const [started, finished] = [Date.now(), () => Date.now() + 1_000];
    const row = await read(await put({ status }));
    const own = { pending: null, retrying: 'next_retry_at', success: 'delivered_at', failed: 'failed_at' }[status];
    for (const column of ['next_retry_at', 'delivered_at', 'failed_at']) {
      if (column !== own) expect(row[column], column).toBeNull();
      else {
        const at = Date.parse(String(row[column]));
        expect(at).toBeGreaterThan(started - 1_000);
        expect(at).toBeLessThan(finished());
      }
    }
    if (own === null) return;
    const at = own === 'next_retry_at' ? SOON : THEN;
    expect(await read(await put({ status, [own]: at }))).toMatchObject({ [own]: at });
  });

  it.each(['pending', 'retrying'])('and that is %s again has not ended, whatever it was', async (status) => {
    for (const [was, column] of [
      ['success', 'delivered_at'],
      ['failed', 'failed_at'],
    ] as const) {
      const id = await put({ status: was, [column]: THEN });
      await set(id, `status = '${status}'`);
      expect(await read(id)).toMatchObject({ status, delivered_at: null, failed_at: null });
    }
  });

  it('and that goes from one end to the other keeps the time of the first', async () => {
    const id = await put({ status: 'failed', failed_at: THEN });
    await set(id, "status = 'success'");
    expect(await read(id)).toMatchObject({ status: 'success', delivered_at: expect.any(String), failed_at: THEN });
    const retrying = await put({ status: 'retrying', next_retry_at: SOON });
    await set(retrying, "status = 'failed'");
    expect(await read(retrying)).toMatchObject({ failed_at: expect.any(String), next_retry_at: SOON });
  });
});
