import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Queryable } from '../../src/db/database.js';
import { asService } from '../../src/db/roles.js';
import { makeHook } from '../conformance/spec-helpers.js';
import { asUserId, createUser, describeOnEachDatabase } from '../harness/databases.js';
import { attempt, filter, type Meeting, meeting, payload } from './filter-arbitraries.js';
import { isWellFormed, letsThrough } from './filter-model.js';
import { isObject, type Json, type JsonObject, toText } from './json-value.js';

interface Case extends Meeting {
  readonly messy: boolean;
}

const MATCH = `SELECT hookline.filter_matches(f::jsonb, p::jsonb) AS through
FROM unnest($1::text[], $2::text[]) WITH ORDINALITY c (f, p, n) ORDER BY n`;
const PROBLEM =
  'SELECT hookline.filter_problem(f::jsonb) AS problem FROM unnest($1::text[]) WITH ORDINALITY c (f, n) ORDER BY n';

async function areThrough(db: Queryable, cases: readonly Case[]): Promise<boolean[]> {
  const filters = cases.map((one) => toText(one.filter, one.messy));
  const payloads = cases.map((one) => toText(one.payload, one.messy));
  return (await db.query<{ through: boolean }>(MATCH, [filters, payloads])).rows.map((row) => row.through);
}

async function problems(db: Queryable, filters: readonly Json[]): Promise<(string | null)[]> {
  const texts = filters.map((one) => toText(one));
  return (await db.query<{ problem: string | null }>(PROBLEM, [texts])).rows.map((row) => row.problem);
}

const many = <T>(one: fc.Arbitrary<T>) => fc.array(one, { minLength: 1, maxLength: 400, size: 'max' });
const shown = (one: Meeting) => `${toText(one.filter)} on ${toText(one.payload)}`;

describeOnEachDatabase('filters against a plain model', (ctx) => {
  it('a filter lets through what the model lets through', async () => {
    const seen = { through: 0, held: 0 };
    await fc.assert(
      fc.asyncProperty(many(fc.record({ meeting, messy: fc.boolean() })), async (given) => {
        const cases = given.map(({ meeting, messy }) => ({ ...meeting, messy }));
        const through = await asService(ctx.db(), (tx) => areThrough(tx, cases));
        for (const [n, one] of cases.entries()) {
          const expected = letsThrough(one.filter, one.payload);
          seen[expected ? 'through' : 'held'] += 1;
          expect(through[n], shown(one)).toBe(expected);
        }
      }),
      { numRuns: 50 },
    );
    // Filters and payloads that never meet would prove nothing.
    expect(Math.min(seen.through, seen.held) / (seen.through + seen.held)).toBeGreaterThan(0.15);
  }, 180_000);

  it('is refused with a reason exactly when it is not well formed; what is accepted can be asked of any payload', async () => {
    const seen = { accepted: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(many(attempt), many(payload), async (attempts, payloads) => {
        const reasons = await asService(ctx.db(), (tx) => problems(tx, attempts));
        const accepted: Case[] = [];
        for (const [n, one] of attempts.entries()) {
          const sound = isWellFormed(one);
          seen[sound ? 'accepted' : 'refused'] += 1;
          expect(reasons[n], toText(one)).toEqual(sound ? null : expect.stringMatching(/^(\$|a filter)\S* .{5,}/));
          if (sound && isObject(one)) {
            accepted.push({ filter: one, payload: payloads[n % payloads.length] ?? null, messy: false });
          }
        }
        const through = await asService(ctx.db(), (tx) => areThrough(tx, accepted));
        expect(through).toEqual(accepted.map((one) => letsThrough(one.filter, one.payload)));
      }),
      { numRuns: 15 },
    );
    expect(Math.min(seen.accepted, seen.refused)).toBeGreaterThan(100);
  }, 180_000);

  it('trigger_webhook_event reaches the webhooks whose filters let the payload through', async () => {
    const user = await createUser(ctx.db());
    const filters = fc.sample(filter, 60);
    const hooks = new Map<string, JsonObject>();
    for (const one of filters) hooks.set((await makeHook(ctx.db(), user)).id, one);
    await asUserId(ctx.db(), user, (tx) =>
      tx.query(
        `UPDATE webhook_event_subscriptions s SET filters = f::jsonb
         FROM unnest($1::uuid[], $2::text[]) g (id, f) WHERE s.webhook_id = g.id`,
        [[...hooks.keys()], [...hooks.values()].map((one) => toText(one))],
      ),
    );
    for (const one of fc.sample(payload, 25)) {
      const made = await asService(ctx.db(), (tx) =>
        tx.query<{ id: string }>(
          "SELECT webhook_id AS id FROM trigger_webhook_event('video.generated', $1::jsonb, $2::uuid)",
          [toText(one), user],
        ),
      );
      const expected = [...hooks].filter(([, its]) => letsThrough(its, one)).map(([id]) => id);
      expect(made.rows.map((row) => row.id).sort(), toText(one)).toEqual(expected.sort());
    }
  }, 180_000);
});
