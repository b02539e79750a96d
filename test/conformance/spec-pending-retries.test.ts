import { afterEach, beforeAll, expect, it } from 'vitest';
import { asService } from '../../src/db/roles.js';
import { asUserId, createUser, describeOnEachDatabase } from '../harness/databases.js';
import { claim, idsOf, putRetrying } from './spec-claims.js';
import { asAnon, INSUFFICIENT_PRIVILEGE, makeHook, putDelivery, rows, sqlError, trigger } from './spec-helpers.js';

describeOnEachDatabase('get_pending_webhook_retries', (ctx) => {
  let user = '';
  beforeAll(async () => {
    user = await createUser(ctx.db());
  });
  // What is leased for a minute would be claimed by a later test, if the earlier ones took as long.
  afterEach(() => ctx.db().query('DELETE FROM public.webhooks'));

  it('hands out what an outside worker needs to send', async () => {
    const hook = await makeHook(ctx.db(), user);
    const id = await putRetrying(ctx.db(), hook, { attempts: 2 });
    const [row, ...more] = await claim(ctx.db());
    expect(more).toEqual([]);
    expect(Object.keys(row ?? {})).toEqual([
      'delivery_id',
      'webhook_id',
      'webhook_url',
      'webhook_secret',
      'event_type',
      'request_payload',
      'attempt_number',
      'max_attempts',
    ]);
    expect(row).toMatchObject({
      delivery_id: id,
      webhook_id: hook.id,
      webhook_url: hook.url,
      webhook_secret: hook.secret,
      event_type: 'video.generated',
      request_payload: { video_id: 'v1' },
      max_attempts: 4,
    });
  });

  it('hands out due retries only: none that is pending, ended or due later', async () => {
    const hook = await makeHook(ctx.db(), user);
    await trigger(ctx.db(), 'video.generated', {}, user);
    for (const status of ['pending', 'success', 'failed'] as const) await putDelivery(ctx.db(), hook, { status });
    const later = await putRetrying(ctx.db(), hook, { due: "now() + interval '1 hour'" });
    const due = await putRetrying(ctx.db(), hook, { due: "now() - interval '1 hour'" });
    expect(idsOf(await claim(ctx.db()))).toEqual([due]);
    await asService(ctx.db(), (tx) =>
      tx.query('UPDATE webhook_deliveries SET next_retry_at = now() WHERE id = $1::uuid', [later]),
    );
    expect(idsOf(await claim(ctx.db()))).toEqual([later]);
  });

  it('leases them: a second call does not get them', async () => {
    const hook = await makeHook(ctx.db(), user);
    const ids = [await putRetrying(ctx.db(), hook), await putRetrying(ctx.db(), hook)].sort();
    expect(idsOf(await claim(ctx.db()))).toEqual(ids);
    expect(await claim(ctx.db())).toEqual([]);
  });

  it('keeps to p_limit, 100 when left out', async () => {
    const hook = await makeHook(ctx.db(), user);
    await asService(ctx.db(), (tx) =>
      tx.query(
        `INSERT INTO webhook_deliveries (webhook_id, event_type, request_url, request_payload, status, attempt_number,
           max_attempts, next_retry_at)
         SELECT $1::uuid, 'video.generated', $2::text, '{}', 'retrying', 1, 4, now() FROM generate_series(1, 110)`,
        [hook.id, hook.url],
      ),
    );
    const [few, many, rest] = [await claim(ctx.db(), 7), await claim(ctx.db()), await claim(ctx.db())];
    expect([few.length, many.length, rest.length]).toEqual([7, 100, 3]);
    expect(new Set(idsOf([...few, ...many, ...rest])).size).toBe(110);
  });

  it('two callers at once never get the same row, and none is forgotten', async () => {
    const hook = await makeHook(ctx.db(), user);
    const ids: string[] = [];
    for (let n = 0; n < 60; n += 1) ids.push(await putRetrying(ctx.db(), hook));
    const got = (await Promise.all(Array.from({ length: 8 }, () => claim(ctx.db(), 10)))).flat();
    expect(new Set(idsOf(got)).size).toBe(got.length);
    const rest = await claim(ctx.db());
    expect(idsOf([...got, ...rest])).toEqual(ids.sort());
  });

  it('passes over inactive webhooks, until they are active again', async () => {
    const hook = await makeHook(ctx.db(), user);
    const id = await putRetrying(ctx.db(), hook);
    const activate = (active: boolean) =>
      asUserId(ctx.db(), user, (tx) =>
        tx.query('UPDATE webhooks SET is_active = $2::boolean WHERE id = $1::uuid', [hook.id, active]),
      );
    await activate(false);
    expect(await claim(ctx.db())).toEqual([]);
    await activate(true);
    expect(idsOf(await claim(ctx.db()))).toEqual([id]);
  });

  it('is the service’s alone', async () => {
    const id = await putRetrying(ctx.db(), await makeHook(ctx.db(), user));
    const sql = 'SELECT * FROM get_pending_webhook_retries()';
    const byUser = await sqlError(asUserId(ctx.db(), user, (tx) => rows(tx, sql)));
    const byAnon = await sqlError(asAnon(ctx.db(), (tx) => rows(tx, sql)));
    expect([byUser.code, byAnon.code]).toEqual([INSUFFICIENT_PRIVILEGE, INSUFFICIENT_PRIVILEGE]);
    expect(idsOf(await claim(ctx.db()))).toEqual([id]);
  });
});
