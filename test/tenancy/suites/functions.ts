import { expect, it } from 'vitest';
import { type Attempt, fillIn, type TenancyContext, trying } from '../acting.js';
import { matrixFor, SEQUENCES, TYPES } from '../matrix/index.js';
import { ACTORS } from '../notation.js';

/** Every function × actor, called for real; and sequences and types, which but the service nobody may use. */
export function describeFunctions(ctx: TenancyContext): void {
  const { tables, calls } = matrixFor(ctx.authIsOurs);
  for (const actor of ACTORS) {
    it(`functions as ${actor}`, async () => {
      const wrong: string[] = [];
      await trying(ctx, tables, actor, async ({ attempt }) => {
        for (const { sql, outcome } of calls) {
          const got = outcomeOf(await attempt(fillIn(`SELECT ${sql}`, actor, ctx.world())));
          if (got !== outcome[actor]) wrong.push(`${sql}: expected ${outcome[actor]}, got ${got}`);
        }
      });
      expect(wrong).toEqual([]);
    });

    it(`sequences and types as ${actor}`, async () => {
      const got: Record<string, string> = {};
      await trying(ctx, tables, actor, async ({ attempt }) => {
        for (const name of SEQUENCES) {
          for (const use of [
            `nextval('${name}')`,
            `setval('${name}', 1)`,
            `currval('${name}')`,
            `last_value FROM ${name}`,
          ])
            got[use] = outcomeOf(await attempt(`SELECT ${use}`)).slice(0, 7);
        }
        for (const name of TYPES) got[name] = outcomeOf(await attempt(`SELECT NULL::${name}`)).slice(0, 7);
      });
      const expected = Object.keys(got).map((use) => {
        const may = actor === 'service' && TYPES.includes(use);
        return [use, may ? 'reads:1' : 'refused'];
      });
      expect(got).toEqual(Object.fromEntries(expected));
    });
  }
}

function outcomeOf(attempt: Attempt): string {
  if ('error' in attempt) {
    const { code, message } = attempt.error;
    return code === '42501' ? 'refused' : /^HK/.test(String(code)) ? String(code) : `${code} ${message}`;
  }
  const { gone, come } = attempt.change;
  return `${gone.length + come.length === 0 ? 'reads' : 'writes'}:${attempt.count}`;
}
