import fc from 'fast-check';
import { expect, it } from 'vitest';
import { asService } from '../../src/db/roles.js';
import { describeOnPostgres } from '../harness/databases.js';

const DAY_SECONDS = 86_400;

describeOnPostgres('hookline.retry_delay', (ctx) => {
  /** Draws `times` delays and gives them in seconds. */
  const draw = async (base: number, attempt: number, retryAfter: number | null, times = 40): Promise<number[]> => {
    const { rows } = await asService(ctx.db(), (tx) =>
      tx.query<{ seconds: number }>(
        `SELECT extract(epoch FROM hookline.retry_delay($1::integer, $2::integer, $3::numeric))::float8 AS seconds
         FROM generate_series(1, $4::integer)`,
        [base, attempt, retryAfter, times],
      ),
    );
    return rows.map(({ seconds }) => seconds);
  };

  it('is base · 2^(attempt − 1), 20 % more or less, and never over 24 h', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 3_600 }),
        // max_retries is 10 at most, and every retry by hand adds one more attempt.
        fc.oneof(fc.integer({ min: 1, max: 11 }), fc.integer({ min: 12, max: 5_000 })),
        async (base, attempt) => {
          const nominal = base * 2 ** (attempt - 1);
          for (const seconds of await draw(base, attempt, null)) {
            expect(seconds).toBeGreaterThanOrEqual(Math.min(DAY_SECONDS, nominal * 0.8) - 0.001);
            expect(seconds).toBeLessThanOrEqual(Math.min(DAY_SECONDS, nominal * 1.2) + 0.001);
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it('draws anew each time, over the whole range', async () => {
    const seconds = await draw(100, 1, null, 2_000);
    expect(new Set(seconds).size).toBeGreaterThan(1_900);
    expect(Math.min(...seconds)).toBeLessThan(82);
    expect(Math.max(...seconds)).toBeGreaterThan(118);
    const mean = seconds.reduce((sum, one) => sum + one, 0) / seconds.length;
    expect(Math.abs(mean - 100)).toBeLessThan(2);
  });

  it('keeps to Retry-After exactly, whatever the attempt, up to 24 h', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 3_600 }),
        fc.integer({ min: 1, max: 11 }),
        fc.oneof(fc.integer({ min: 1, max: 200_000 }), fc.double({ min: 0.001, max: 1e15, noNaN: true })),
        async (base, attempt, retryAfter) => {
          const [seconds] = await draw(base, attempt, retryAfter, 1);
          expect(seconds).toBeCloseTo(Math.min(DAY_SECONDS, retryAfter), 3);
        },
      ),
      { numRuns: 150 },
    );
  });

  it.each([0, -1, -1e9])('falls back to its own delay for a Retry-After of %d', async (retryAfter) => {
    for (const seconds of await draw(10, 1, retryAfter)) {
      expect(seconds).toBeGreaterThanOrEqual(8);
      expect(seconds).toBeLessThanOrEqual(12);
    }
  });

  it.each([86_401, 1e15, 1e300, Number.MAX_VALUE])('cuts a Retry-After of %d to 24 h', async (retryAfter) => {
    expect(await draw(1, 1, retryAfter, 1)).toEqual([DAY_SECONDS]);
  });

  it('is for the service alone', async () => {
    const { rows } = await ctx.db().query<{ role: string; may: boolean }>(
      `SELECT r AS role, has_function_privilege(r, 'hookline.retry_delay(integer, integer, numeric)', 'EXECUTE') AS may
       FROM unnest(ARRAY['anon', 'authenticated', 'service_role']) r`,
      [],
    );
    expect(rows).toEqual([
      { role: 'anon', may: false },
      { role: 'authenticated', may: false },
      { role: 'service_role', may: true },
    ]);
  });
});
