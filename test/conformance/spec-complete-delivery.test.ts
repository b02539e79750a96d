import { afterEach, beforeAll, expect, it } from 'vitest';
import { asService } from '../../src/db/roles.js';
import { asUserId, createUser, describeOnEachDatabase } from '../harness/databases.js';
import { claim, idsOf, putRetrying } from './spec-claims.js';
import { asAnon, type Hook, INSUFFICIENT_PRIVILEGE, makeHook, one, rowOf, rows, sqlError } from './spec-helpers.js';

interface Completed {
  recorded: boolean;
  status: string;
  attempt_number: number;
  next_retry_at: string | null;
  /** Seconds from the statement that recorded it. */
  retry_in: number | null;
}

describeOnEachDatabase('complete_webhook_delivery', (ctx) => {
  let user = '';
  beforeAll(async () => {
    user = await createUser(ctx.db());
  });
  // What is to be retried in a minute would be claimed by a later test, if the earlier ones took as long.
  afterEach(() => ctx.db().query('DELETE FROM public.webhooks'));

  const complete = (id: string, responseStatus: number | null, more = '') =>
    asService(ctx.db(), (tx) =>
      one<Completed>(
        tx,
        `SELECT *, extract(epoch FROM next_retry_at - now())::double precision AS retry_in
         FROM complete_webhook_delivery(p_delivery_id := $1::uuid, p_response_status := $2::integer ${more})`,
        [id, responseStatus],
      ),
    );
  const delivery = (id: string) => rowOf(ctx.db(), 'webhook_deliveries', id);

  it('a 2xx ends the delivery, with every column of the response', async () => {
    const hook = await makeHook(ctx.db(), user);
    const id = await putRetrying(ctx.db(), hook, { attempts: 1 });
    await claim(ctx.db());
    const answer = await complete(
      id,
      204,
      `, p_response_headers := '{"x-a":"b"}', p_response_body := 'ok', p_response_time_ms := 12,
         p_request_headers := '{"x-c":"d"}', p_request_signature := 'sha256=aa'`,
    );
    expect(answer).toMatchObject({ recorded: true, status: 'success', attempt_number: 2 });
    const row = await delivery(id);
    expect(row).toMatchObject({
      status: 'success',
      attempt_number: 2,
      request_url: hook.url,
      request_headers: { 'x-c': 'd' },
      request_signature: 'sha256=aa',
      response_status: 204,
      response_headers: { 'x-a': 'b' },
      response_body: 'ok',
      response_time_ms: 12,
      next_retry_at: null,
      error_code: null,
      error_message: null,
      failed_at: null,
    });
    expect(row['delivered_at']).not.toBeNull();
    const counted = await rowOf(ctx.db(), 'webhooks', hook.id);
    expect(counted).toMatchObject({ total_deliveries: 1, successful_deliveries: 1, failed_deliveries: 0 });
    expect((await complete(id, 500)).recorded).toBe(false);
    expect(await delivery(id)).toEqual(row);
  });

  it('an attempt began as long ago as it took, at the URL as it is now, and a late one is counted as the next', async () => {
    const hook = await makeHook(ctx.db(), user);
    const id = await putRetrying(ctx.db(), hook, { attempts: 1 });
    await asUserId(ctx.db(), user, (tx) =>
      tx.query("UPDATE webhooks SET url = 'https://moved.example/' WHERE id = $1::uuid", [hook.id]),
    );
    await claim(ctx.db());
    const before = Date.now();
    await complete(id, 999, ', p_response_time_ms := 60000');
    const row = await delivery(id);
    expect(row).toMatchObject({ request_url: 'https://moved.example/', response_status: 999 });
    expect(Math.abs(Date.parse(String(row['attempted_at'])) - (before - 60_000))).toBeLessThan(30_000);
    expect(await complete(id, 100, ', p_response_time_ms := 0')).toMatchObject({ recorded: false });
    const [late] = await rows<{ n: number }>(
      ctx.db(),
      'SELECT attempt_number AS n FROM hookline.webhook_delivery_attempts WHERE delivery_id = $1::uuid AND is_late',
      [id],
    );
    expect(late).toEqual({ n: 3 });
  });

  it('refuses a status that is none, and a time before the beginning', async () => {
    const id = await putRetrying(ctx.db(), await makeHook(ctx.db(), user), { attempts: 0 });
    for (const [status, more] of [
      [99, ''],
      [1_000, ', p_response_time_ms := 1'],
      [200, ', p_response_time_ms := -1'],
      [null, ', p_response_time_ms := -1'],
    ] as const) {
      expect(await sqlError(complete(id, status, more)), `${status}${more}`).toMatchObject({ code: 'HK008' });
    }
    expect(await delivery(id)).toMatchObject({ attempt_number: 0 });
    await claim(ctx.db());
    expect(await complete(id, 200)).toMatchObject({ recorded: true });
  });

  for (const status of [199, 301, 400, 404, 429, 500, 503, null]) {
    it(`${status ?? 'no response'} is retried later, with growing delay`, async () => {
      const hook = await makeHook(ctx.db(), user);
      const delays: number[] = [];
      for (const attempts of [0, 1, 2]) {
        const id = await putRetrying(ctx.db(), hook, { attempts });
        expect(idsOf(await claim(ctx.db()))).toEqual([id]);
        const answer = await complete(id, status);
        expect(answer).toMatchObject({ recorded: true, status: 'retrying', attempt_number: attempts + 1 });
        const row = await delivery(id);
        expect(row).toMatchObject({ status: 'retrying', response_status: status, delivered_at: null, failed_at: null });
        expect(row['error_code']).toMatch(/^\S{1,50}$/);
        expect(row['next_retry_at']).toBe(answer.next_retry_at);
        delays.push(answer.retry_in ?? 0);
        expect(await claim(ctx.db())).toEqual([]);
      }
      // retry_delay_seconds (60) · 2^(attempt-1), ±20 %; a second of slack for what the statement takes.
      for (const [i, delay] of delays.entries()) {
        expect(delay).toBeGreaterThan(60 * 2 ** i * 0.8 - 1);
        expect(delay).toBeLessThan(60 * 2 ** i * 1.2 + 1);
      }
    });
  }

  it('the last attempt fails the delivery', async () => {
    const hook = await makeHook(ctx.db(), user);
    const id = await putRetrying(ctx.db(), hook, { attempts: 3 });
    await claim(ctx.db());
    const answer = await complete(id, null, ", p_error_code := 'timeout', p_error_message := 'No answer in 30 s.'");
    expect(answer).toMatchObject({ recorded: true, status: 'failed', attempt_number: 4, next_retry_at: null });
    const row = await delivery(id);
    expect(row).toMatchObject({
      status: 'failed',
      attempt_number: 4,
      next_retry_at: null,
      error_code: 'timeout',
      error_message: 'No answer in 30 s.',
      delivered_at: null,
    });
    expect(row['failed_at']).not.toBeNull();
    const counted = await rowOf(ctx.db(), 'webhooks', hook.id);
    expect(counted).toMatchObject({ total_deliveries: 1, successful_deliveries: 0, failed_deliveries: 1 });
  });

  it('410 is not retried, deactivates the webhook and tells the owner’s other webhooks', async () => {
    const hook = await makeHook(ctx.db(), user);
    const told = await makeHook(ctx.db(), user, { types: ['webhook.disabled'] });
    const foreign = await makeHook(ctx.db(), await createUser(ctx.db()), { types: ['webhook.disabled'] });
    const id = await putRetrying(ctx.db(), hook, { attempts: 1 });
    await claim(ctx.db());
    expect(await complete(id, 410)).toMatchObject({ recorded: true, status: 'failed' });
    expect(await rowOf(ctx.db(), 'webhooks', hook.id)).toMatchObject({ is_active: false });
    const news = (of: Hook) =>
      asService(ctx.db(), (tx) =>
        rows(
          tx,
          "SELECT request_payload FROM webhook_deliveries WHERE webhook_id = $1::uuid AND event_type = 'webhook.disabled'",
          [of.id],
        ),
      );
    expect(await news(told)).toMatchObject([{ request_payload: { webhook_id: hook.id } }]);
    expect(await news(foreign)).toEqual([]);
    expect(await news(hook)).toEqual([]);
  });

  it('a delivery that was not handed out is not recorded; one that is gone is no error', async () => {
    const hook = await makeHook(ctx.db(), user);
    const id = await putRetrying(ctx.db(), hook);
    const before = await delivery(id);
    expect((await complete(id, 200)).recorded).toBe(false);
    expect(await delivery(id)).toEqual(before);
    await claim(ctx.db());
    await asUserId(ctx.db(), user, (tx) => tx.query('DELETE FROM webhooks WHERE id = $1::uuid', [hook.id]));
    expect((await complete(id, 200)).recorded).toBe(false);
  });

  it('is the service’s alone', async () => {
    const id = await putRetrying(ctx.db(), await makeHook(ctx.db(), user));
    expect(idsOf(await claim(ctx.db()))).toContain(id);
    const before = await delivery(id);
    const sql = `SELECT * FROM complete_webhook_delivery(p_delivery_id := '${id}', p_response_status := 200)`;
    const byUser = await sqlError(asUserId(ctx.db(), user, (tx) => rows(tx, sql)));
    const byAnon = await sqlError(asAnon(ctx.db(), (tx) => rows(tx, sql)));
    expect([byUser.code, byAnon.code]).toEqual([INSUFFICIENT_PRIVILEGE, INSUFFICIENT_PRIVILEGE]);
    expect(await delivery(id)).toEqual(before);
  });
});
