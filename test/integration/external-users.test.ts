import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { asService } from '../../src/db/roles.js';
import { createUser, describeOnPostgres } from '../harness/databases.js';
import { createWebhook } from '../harness/delivering.js';
import { postEvent, serveApi } from './api-client.js';

describeOnPostgres('a user whose id is no UUID', (ctx) => {
  let served: Awaited<ReturnType<typeof serveApi>>;
  beforeAll(async () => {
    served = await serveApi(ctx.db());
  });
  afterAll(() => served.app.close());

  const value = async (expression: string, ...params: string[]): Promise<string | null | undefined> =>
    (
      await asService(ctx.db(), (tx) =>
        tx.query<{ value: string | null }>(`SELECT (${expression})::text AS value`, params),
      )
    ).rows[0]?.value;
  const ensure = (id: string) => value('hookline.ensure_user($1)', id);
  const post = (recipient: object) =>
    postEvent(served.url, JSON.stringify({ type: 'video.generated', payload: { n: 1 }, ...recipient }));

  it('is made on first use, and is the same ever after, also for many at once', async () => {
    const ids = await Promise.all(Array.from({ length: 16 }, () => ensure('user_2abc')));
    expect(new Set(ids).size).toBe(1);
    expect(await value('hookline.user_of($1)', 'user_2abc')).toBe(ids[0]);
    expect(await value('SELECT count(*) FROM auth.users WHERE id = $1::text::uuid', String(ids[0]))).toBe('1');
    expect(await ensure('42')).not.toBe(ids[0]);
    // A NULL would make trigger_webhook_event reach everyone.
    await expect(value('hookline.user_of($1)', 'nobody')).rejects.toMatchObject({ code: 'HK010' });
    expect(await value('hookline.known_user($1)', 'nobody')).toBeNull();
  });

  it('with a UUID is that row of auth.users, made where it is missing', async () => {
    const [there, missing] = [await createUser(ctx.db()), randomUUID()];
    expect(await ensure(there)).toBe(there);
    expect(await ensure(missing)).toBe(missing);
    expect(await value('SELECT count(*) FROM auth.users WHERE id = $1::text::uuid', missing)).toBe('1');
    expect(await value('SELECT count(*) FROM hookline.users WHERE user_id = $1::text::uuid', missing)).toBe('0');
  });

  it('may have a UUID of the application that is not the row itself', async () => {
    const [user, external] = [await createUser(ctx.db()), randomUUID()];
    await asService(ctx.db(), (tx) =>
      tx.query('INSERT INTO hookline.users (user_id, external_user_id) VALUES ($1::uuid, $2)', [user, external]),
    );
    expect(await ensure(external)).toBe(user);
    expect(await value('hookline.known_user($1)', external)).toBe(user);
  });

  it('has an id of 1 to 255 characters', async () => {
    expect(await ensure('é'.repeat(255))).toEqual(expect.any(String));
    for (const id of ['', 'x'.repeat(256)]) await expect(ensure(id)).rejects.toMatchObject({ code: 'HK008' });
  });

  it('is named by external_user_id at POST /v1/events', async () => {
    const userId = String(await ensure('auth0|7'));
    const webhook = await createWebhook(ctx.db(), 'https://example.com/hook', {}, userId);
    const { status, body } = await post({ external_user_id: 'auth0|7' });
    expect(status).toBe(202);
    expect(body['deliveries']).toMatchObject([{ webhook_id: webhook.id }]);
    expect((await post({ user_id: userId })).body['deliveries']).toHaveLength(1);
  });

  it('that nobody knows is refused there, and made by nothing', async () => {
    const { status, body } = await post({ external_user_id: 'auth0|unknown' });
    expect([status, body['code']]).toEqual([422, 'unknown_user']);
    expect(body['hint']).toContain('hookline.users');
    expect(await value('hookline.known_user($1)', 'auth0|unknown')).toBeNull();
  });

  it('stands alone: not beside user_id or broadcast', async () => {
    const two = [
      { external_user_id: '42', user_id: randomUUID() },
      { external_user_id: '42', broadcast: true },
    ];
    for (const recipient of two) {
      const { status, body } = await post(recipient);
      expect([status, body['code']]).toEqual([400, 'invalid_request']);
    }
    for (const id of ['', 'x'.repeat(256), 7]) expect((await post({ external_user_id: id })).status).toBe(400);
  });

  it('owns the AI content that names it', async () => {
    const userId = await ensure('clerk_9');
    await asService(ctx.db(), (tx) =>
      tx.query(`INSERT INTO ai_content (title, metadata) VALUES ('mine', '{"user_id":"clerk_9"}')`),
    );
    expect(await value("SELECT user_id FROM ai_content WHERE title = 'mine'")).toBe(userId);
  });
});
