import { beforeAll, expect, it } from 'vitest';
import { asService } from '../../src/db/roles.js';
import { asUserId, createUser, describeOnEachDatabase } from '../harness/databases.js';
import {
  asAnon,
  expectHint,
  INSUFFICIENT_PRIVILEGE,
  makeHook,
  NOBODY,
  one,
  rows,
  type SqlError,
  sqlError,
  trigger,
} from './spec-helpers.js';

interface Subscribed {
  subscribed_count: number;
  subscribed_events: string[];
}

const SUBSCRIBE = 'SELECT * FROM subscribe_webhook_events($1::uuid, $2::text[])';
const UNSUBSCRIBE = 'SELECT * FROM unsubscribe_webhook_events(p_webhook_id := $1::uuid, p_event_types := $2::text[])';

describeOnEachDatabase('subscribe_webhook_events and unsubscribe_webhook_events', (ctx) => {
  let user = '';
  let other = '';
  beforeAll(async () => {
    user = await createUser(ctx.db());
    other = await createUser(ctx.db());
  });

  const subscribe = (id: string, types: readonly string[], as = user) =>
    asUserId(ctx.db(), as, (tx) => one<Subscribed>(tx, SUBSCRIBE, [id, types]));
  const unsubscribe = (id: string, types: readonly string[], as = user) =>
    asUserId(ctx.db(), as, (tx) => one<{ unsubscribed_count: number }>(tx, UNSUBSCRIBE, [id, types]));
  const subscriptions = (id: string) =>
    asService(ctx.db(), (tx) =>
      rows(
        tx,
        `SELECT id, event_type, is_active FROM webhook_event_subscriptions WHERE webhook_id = $1::uuid AND is_active
         ORDER BY event_type`,
        [id],
      ),
    );
  const reaches = async (id: string, type: string) =>
    (await trigger(ctx.db(), type, { n: 1 })).some(({ webhook_id }) => webhook_id === id);

  it('subscribes, counts and names what it subscribed to', async () => {
    const hook = await makeHook(ctx.db(), user, { types: [] });
    const answer = await subscribe(hook.id, ['video.failed', 'credit.added']);
    expect(Object.keys(answer)).toEqual(['subscribed_count', 'subscribed_events']);
    expect(answer.subscribed_count).toBe(2);
    expect([...answer.subscribed_events].sort()).toEqual(['credit.added', 'video.failed']);
    expect(await reaches(hook.id, 'credit.added')).toBe(true);
    expect(await reaches(hook.id, 'credit.consumed')).toBe(false);
  });

  it('can be repeated: one subscription each, the same row', async () => {
    const hook = await makeHook(ctx.db(), user, { types: [] });
    await subscribe(hook.id, ['video.failed', 'credit.added', 'credit.added']);
    const before = await subscriptions(hook.id);
    expect(before).toHaveLength(2);
    await subscribe(hook.id, ['credit.added', 'video.failed']);
    expect(await subscriptions(hook.id)).toEqual(before);
  });

  it('makes an inactive subscription active again', async () => {
    const hook = await makeHook(ctx.db(), user, { types: ['credit.added'] });
    await asUserId(ctx.db(), user, (tx) =>
      tx.query('UPDATE webhook_event_subscriptions SET is_active = false WHERE webhook_id = $1::uuid', [hook.id]),
    );
    expect(await reaches(hook.id, 'credit.added')).toBe(false);
    await subscribe(hook.id, ['credit.added']);
    expect(await reaches(hook.id, 'credit.added')).toBe(true);
  });

  it('refuses unknown and disabled types with a hint, and then subscribes to none of the call', async () => {
    const hook = await makeHook(ctx.db(), user, { types: [] });
    const enable = (enabled: boolean) =>
      asService(ctx.db(), (tx) =>
        tx.query("UPDATE webhook_events SET is_enabled = $1::boolean WHERE event_type = 'video.failed'", [enabled]),
      );
    await expectHint(subscribe(hook.id, ['credit.added', 'no.such']));
    await enable(false);
    await expectHint(subscribe(hook.id, ['credit.added', 'video.failed']));
    await enable(true);
    expect(await subscriptions(hook.id)).toEqual([]);
  });

  it('unsubscribes, counts what ended, and can be repeated', async () => {
    const hook = await makeHook(ctx.db(), user, { types: ['video.generated', 'video.failed', 'credit.added'] });
    expect(await unsubscribe(hook.id, ['video.failed', 'credit.added'])).toEqual({ unsubscribed_count: 2 });
    expect(await reaches(hook.id, 'credit.added')).toBe(false);
    expect(await reaches(hook.id, 'video.generated')).toBe(true);
    expect(await unsubscribe(hook.id, ['video.failed', 'credit.added'])).toEqual({ unsubscribed_count: 0 });
    expect(await unsubscribe(hook.id, ['credit.consumed', 'video.generated'])).toEqual({ unsubscribed_count: 1 });
    expect(await subscriptions(hook.id)).toEqual([]);
  });

  it('leaves the other webhooks of the same user alone', async () => {
    const [one, two] = [await makeHook(ctx.db(), user), await makeHook(ctx.db(), user)];
    await unsubscribe(one.id, ['video.generated']);
    expect(await subscriptions(one.id)).toEqual([]);
    expect(await subscriptions(two.id)).toHaveLength(1);
  });

  for (const [name, call] of [
    ['subscribe', subscribe],
    ['unsubscribe', unsubscribe],
  ] as const) {
    it(`${name}: another user’s webhook and an unknown one give one and the same error`, async () => {
      const hook = await makeHook(ctx.db(), user);
      const before = await subscriptions(hook.id);
      const plain = ({ code, message, hint }: SqlError, id: string) =>
        [code, message, hint].map((text) => text?.replaceAll(id, '<id>'));
      const foreign = await expectHint(call(hook.id, ['video.generated'], other));
      const unknown = await expectHint(call(NOBODY, ['video.generated'], other));
      expect(plain(foreign, hook.id)).toEqual(plain(unknown, NOBODY));
      expect(await subscriptions(hook.id)).toEqual(before);
    });
  }

  it('is for signed-in users', async () => {
    const hook = await makeHook(ctx.db(), user);
    for (const sql of [SUBSCRIBE, UNSUBSCRIBE]) {
      const refused = asAnon(ctx.db(), (tx) => one(tx, sql, [hook.id, ['video.failed']]));
      expect((await sqlError(refused)).code).toBe(INSUFFICIENT_PRIVILEGE);
    }
  });
});
