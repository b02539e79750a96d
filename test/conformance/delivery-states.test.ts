import { expect, it } from 'vitest';
import { describeOnPostgres } from '../harness/databases.js';
import { AT, leased, pick, type Result, recordResults, useHook } from './delivery-states.js';
import { one, rows } from './spec-helpers.js';

interface Answer {
  readonly status: number | null;
  readonly code?: string;
  readonly isLast?: boolean;
  readonly attempts?: number;
  readonly retryAfter?: number;
}

/** A result is a success when a 2xx came and nothing went wrong on the way; 410, and the last attempt, are the end (DESIGN, Retries). */
function expectedOf({ status, code, isLast = false }: Answer) {
  if (status !== null && status >= 200 && status <= 299 && code === undefined) return { status: 'success', code: null };
  return { status: status === 410 || isLast ? 'failed' : 'retrying', code: code ?? codeOf(status) };
}

function codeOf(status: number | null): string {
  if (status === null) return 'no_response';
  if (status === 410) return 'http_gone';
  if (status === 429) return 'http_rate_limited';
  if (status >= 300 && status <= 399) return 'http_redirect';
  return status >= 400 && status <= 499 ? 'http_client_error' : 'http_server_error';
}

const STATUSES = [
  null,
  100,
  199,
  200,
  204,
  299,
  300,
  301,
  399,
  400,
  404,
  409,
  410,
  411,
  428,
  429,
  430,
  499,
  500,
  503,
  599,
];
const ANSWERS: readonly Answer[] = STATUSES.flatMap((status) => [
  { status },
  { status, isLast: true },
  { status, code: 'headers_too_large', attempts: 1 },
  { status, attempts: 2, retryAfter: 5_000 },
  { status, attempts: 2, isLast: true },
]);

describeOnPostgres('a delivery, as results are recorded', (ctx) => {
  const { db, hook, user, webhook, inAll } = useHook(ctx);

  it('goes where its answer says, in one batch of every answer', async () => {
    // 410 is the end of the webhook too, which then tells no more of its deliveries: the states are looked at alone.
    const before = ANSWERS.map(({ attempts = 0, isLast = false }) => ({
      attempts,
      maxAttempts: isLast ? attempts + 1 : attempts + 2,
    }));
    const all = await leased(db(), hook(), before);
    const positions = await rows<{ id: string; position: number }>(
      db(),
      'SELECT delivery_id AS id, position FROM hookline.queue WHERE webhook_id = $1::uuid',
      [hook()],
    );
    const results = all.map((one, n): Result => {
      const { status, code, retryAfter } = ANSWERS[n] ?? { status: null };
      const isAnswered = status !== null;
      return {
        ...one,
        request_url: n % 2 === 0 ? null : 'https://now.example/',
        request_signature: `sha256=${n}`,
        response_status: status,
        response_headers: isAnswered ? { n: String(n) } : null,
        response_body: isAnswered ? `body ${n}` : null,
        error_code: code ?? null,
        error_message: code === undefined ? null : 'As told.',
        retry_after_seconds: retryAfter ?? null,
      };
    });
    const told = await recordResults(db(), results);
    const [deliveries, queue, attempts] = [
      await inAll('public.webhook_deliveries', 'id'),
      await inAll('hookline.queue'),
      await inAll('hookline.webhook_delivery_attempts'),
    ];
    for (const [n, answer] of ANSWERS.entries()) {
      const id = all[n]?.delivery_id ?? '';
      const [row = {}] = deliveries(id);
      const expected = expectedOf(answer);
      const label = JSON.stringify(answer);
      const { attempts: earlier = 0, status, retryAfter } = answer;
      const ended = (is: boolean) => (is ? expect.any(String) : null);
      expect(row, label).toMatchObject({
        status: expected.status,
        error_code: expected.code,
        attempt_number: earlier + 1,
        attempted_at: AT,
        request_url: n % 2 === 0 ? 'https://before.example/' : 'https://now.example/',
        request_headers: { a: 'b' },
        request_signature: `sha256=${n}`,
        response_status: status,
        response_headers: status === null ? null : { n: String(n) },
        response_body: status === null ? null : `body ${n}`,
        response_time_ms: 7,
        delivered_at: ended(expected.status === 'success'),
        failed_at: ended(expected.status === 'failed'),
        next_retry_at: ended(expected.status === 'retrying'),
      });
      const words = status === null ? 'No response came.' : `The endpoint answered ${status}.`;
      const message = answer.code === undefined ? words : 'As told.';
      expect(row['error_message'], label).toBe(expected.status === 'success' ? null : message);
      if (expected.status === 'retrying') {
        const wait = (Date.parse(String(row['next_retry_at'])) - Date.now()) / 1000;
        const middle = retryAfter ?? 100 * 2 ** earlier;
        expect(Math.abs(wait - middle), label).toBeLessThan(retryAfter === undefined ? 0.2 * middle + 10 : 10);
        expect(queue(id), label).toEqual([
          expect.objectContaining({
            is_retry: true,
            is_waiting: true,
            lease_id: null,
            due_at: row['next_retry_at'],
            user_id: user(),
            position: positions.find((one) => one.id === id)?.position,
          }),
        ]);
      } else expect(queue(id), label).toEqual([]);
      expect(attempts(id), label).toEqual(
        earlier === 0
          ? []
          : [
              expect.objectContaining({
                attempt_number: earlier,
                webhook_id: hook(),
                user_id: user(),
                request_url: 'https://before.example/',
                request_headers: { before: 1 },
                request_signature: 'sha256=before',
                response_status: 503,
                response_headers: { was: 1 },
                response_body: 'was',
                response_time_ms: 99,
                error_code: 'http_server_error',
                error_message: 'It was so.',
                is_late: false,
              }),
            ],
      );
      const its = told.filter((one) => one.delivery_id === id);
      expect(its, label).toEqual([
        {
          ...pick(all[n]),
          is_recorded: true,
          status: expected.status,
          next_retry_at: row['next_retry_at'],
          is_stopped: true,
        },
      ]);
    }
    const count = (status: string) => ANSWERS.filter((answer) => expectedOf(answer).status === status).length;
    expect(await webhook()).toMatchObject({
      is_active: false,
      disabled_reason: 'gone',
      total_deliveries: count('success') + count('failed'),
      successful_deliveries: count('success'),
      failed_deliveries: count('failed'),
    });
  });

  it('tells nothing of a plain success, and of a failure that its webhook may go on', async () => {
    const [good, bad] = await leased(db(), hook(), [{}, {}]);
    if (good === undefined || bad === undefined) throw new Error('nothing is leased');
    expect(await recordResults(db(), [{ ...good, response_status: 200 }])).toEqual([]);
    expect(await recordResults(db(), [{ ...bad, response_status: 500 }])).toEqual([
      expect.objectContaining({ delivery_id: bad.delivery_id, is_recorded: true, is_stopped: false }),
    ]);
  });

  it('counts by the time that its answer took', async () => {
    const times = [
      0, 9, 10, 24, 25, 49, 50, 99, 100, 249, 250, 499, 500, 999, 1_000, 2_499, 2_500, 4_999, 5_000, 9_999, 10_000,
    ];
    const all = await leased(
      db(),
      hook(),
      [...times, 29_999, 30_000].map(() => ({})),
    );
    await recordResults(
      db(),
      all.map((one, n) => ({ ...one, response_status: 200, response_time_ms: [...times, 29_999, 30_000][n] ?? 0 })),
    );
    const hour = await one(db(), 'SELECT * FROM hookline.statistics_hourly WHERE webhook_id = $1::uuid', [hook()]);
    const sum = [...times, 29_999, 30_000].reduce((all, ms) => all + ms, 0);
    expect(hour).toMatchObject({
      successful: 23,
      failed: 0,
      responses: 23,
      response_time_ms: sum,
      event_type: 'video.generated',
    });
    expect(hour['latency']).toEqual([2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1]);
  });
});
