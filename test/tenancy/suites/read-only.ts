import { expect, it } from 'vitest';
import { actAs, difference, everyRow, fillIn, type Row, type TenancyContext } from '../acting.js';
import { matrixFor } from '../matrix/index.js';

/** A user's READ ONLY transaction writes nothing, by any function, also with the rights of the functions' owner. */
export function describeReadOnly(ctx: TenancyContext): void {
  const { tables, calls } = matrixFor(ctx.authIsOurs);
  for (const actor of ['owner', 'stranger'] as const) {
    it(`a READ ONLY transaction of the ${actor}`, async () => {
      const look = async () => (await ctx.db().query<Row>(everyRow(tables), [])).rows;
      const before = await look();
      const wrong: string[] = [];
      for (const { sql, outcome } of calls.filter((call) => call.outcome[actor] !== 'refused')) {
        const run = ctx.db().transaction(async (tx) => {
          await tx.query(`SET TRANSACTION READ ONLY; ${actAs(actor, ctx.world())}`);
          await tx.query(fillIn(`SELECT ${sql}`, actor, ctx.world()), []);
        });
        const code = await run.then(
          () => 'no error',
          (error: Error & { code?: string }) => error.code,
        );
        if (outcome[actor].startsWith('writes') && code !== '25006') wrong.push(`${sql}: ${code}`);
      }
      expect(wrong).toEqual([]);
      expect(difference(before, await look())).toEqual({ gone: [], come: [] });
    });
  }
}
