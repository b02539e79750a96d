import { beforeAll, expect, it, vi } from 'vitest';
import { asService } from '../../src/db/roles.js';
import { asUserId, createUser, describeOnEachDatabase } from '../harness/databases.js';
import {
  asAnon,
  type Hook,
  INSUFFICIENT_PRIVILEGE,
  makeHook,
  NOBODY,
  one,
  putDelivery,
  rowOf,
  rows,
  sqlError,
} from './spec-helpers.js';

interface Answer {
  success: boolean;
  message: string;
}

const RETRY = 'SELECT * FROM retry_failed_delivery(p_delivery_id := $1::uuid)';

describeOnEachDatabase('retry_failed_delivery', (ctx) => {
  let user = '';
  let stranger = '';
  let hook: Hook;
  beforeAll(async () => {
    user = await createUser(ctx.db());
    stranger = await createUser(ctx.db());
    hook = await makeHook(ctx.db(), user);
  });

  const retry = (id: string, as = user) => asUserId(ctx.db(), as, (tx) => one<Answer>(tx, RETRY, [id]));

  it('gives a failed delivery one more attempt: retrying, due now, max_attempts + 1', async () => {
    const id = await putDelivery(ctx.db(), hook, { status: 'failed', responseStatus: 500 });
    const answer = await retry(id);
    expect(Object.keys(answer)).toEqual(['success', 'message']);
    expect(answer).toEqual({ success: true, message: expect.stringMatching(/\S/) });
    expect(await rowOf(ctx.db(), 'webhook_deliveries', id)).toMatchObject({
      status: 'retrying',
      attempt_number: 4,
      max_attempts: 5,
    });
    const due = await asService(ctx.db(), (tx) =>
      one(
        tx,
        `SELECT next_retry_at <= now() AS due, next_retry_at > now() - interval '1 minute' AS fresh
         FROM webhook_deliveries WHERE id = $1::uuid`,
        [id],
      ),
    );
    expect(due).toEqual({ due: true, fresh: true });
    const handedOut = await asService(ctx.db(), (tx) =>
      rows<{ delivery_id: string }>(tx, 'SELECT * FROM get_pending_webhook_retries()'),
    );
    expect(handedOut.map(({ delivery_id }) => delivery_id)).toContain(id);
  });

  it('can be asked again after the delivery has failed again', async () => {
    const id = await putDelivery(ctx.db(), hook, { status: 'failed' });
    for (const attempts of [5, 6]) {
      expect((await retry(id)).success).toBe(true);
      expect(await rowOf(ctx.db(), 'webhook_deliveries', id)).toMatchObject({ max_attempts: attempts });
      await asService(ctx.db(), (tx) =>
        tx.query("UPDATE webhook_deliveries SET status = 'failed', failed_at = now() WHERE id = $1::uuid", [id]),
      );
    }
  });

  it('answers anything else with success = false and one and the same message, and changes nothing', async () => {
    const db = ctx.db();
    const foreign = await makeHook(db, stranger);
    const cases = {
      pending: await putDelivery(db, hook, { status: 'pending' }),
      success: await putDelivery(db, hook, { status: 'success' }),
      retrying: await putDelivery(db, hook, { status: 'retrying' }),
      'another’s failed': await putDelivery(db, foreign, { status: 'failed' }),
      'another’s pending': await putDelivery(db, foreign, { status: 'pending' }),
    };
    const unknown = await retry(NOBODY);
    expect(unknown).toEqual({ success: false, message: expect.stringMatching(/\S/) });
    for (const [name, id] of Object.entries(cases)) {
      const before = await rowOf(db, 'webhook_deliveries', id);
      expect(await retry(id), name).toEqual(unknown);
      expect(await rowOf(db, 'webhook_deliveries', id), name).toEqual(before);
    }
    const twice = await putDelivery(db, hook, { status: 'failed' });
    const first = await retry(twice);
    expect(first.success).toBe(true);
    expect(first.message).not.toBe(unknown.message);
    expect(await retry(twice)).toEqual(unknown);
  });

  it('asked for many times at once, adds one attempt', async () => {
    const id = await putDelivery(ctx.db(), hook, { status: 'failed' });
    const answers = await Promise.all(Array.from({ length: 6 }, () => retry(id)));
    expect(answers.filter(({ success }) => success)).toHaveLength(1);
    expect(await rowOf(ctx.db(), 'webhook_deliveries', id)).toMatchObject({ max_attempts: 5 });
  });

  it('takes its webhook before the delivery, as all that change both do, so that none of them wait in a circle', async () => {
    // The embedded database has one connection, on which nobody waits.
    if (ctx.kind === 'pglite') return;
    const id = await putDelivery(ctx.db(), hook, { status: 'failed' });
    let retried: Promise<Answer> | undefined;
    await asService(ctx.db(), async (tx) => {
      await tx.query('SELECT FROM webhooks WHERE id = $1::uuid FOR UPDATE', [hook.id]);
      retried = retry(id);
      const waits = `SELECT count(*)::int AS n FROM pg_locks
        WHERE NOT granted AND locktype = 'transactionid' AND transactionid = pg_current_xact_id()::xid`;
      await vi.waitFor(async () => expect(await one(tx, waits)).toEqual({ n: 1 }), { timeout: 15_000 });
      await tx.query('SELECT FROM webhook_deliveries WHERE id = $1::uuid FOR UPDATE NOWAIT', [id]);
    });
    expect(await retried).toMatchObject({ success: true });
  });

  it('is for signed-in users', async () => {
    const id = await putDelivery(ctx.db(), hook, { status: 'failed' });
    expect((await sqlError(asAnon(ctx.db(), (tx) => one(tx, RETRY, [id])))).code).toBe(INSUFFICIENT_PRIVILEGE);
    expect(await rowOf(ctx.db(), 'webhook_deliveries', id)).toMatchObject({ status: 'failed' });
  });
});
