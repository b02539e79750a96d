import { expect, it } from 'vitest';
import { actAs, type TenancyContext } from '../acting.js';

const ACTORS = ['anon', 'owner', 'stranger', 'no-user', 'service'] as const;
const STATEMENTS = [
  'SELECT count(*) FROM %',
  'DELETE FROM %',
  'TRUNCATE %',
  'INSERT INTO % DEFAULT VALUES',
  'DROP TABLE %',
];

/** A partition is reached by way of its table alone, whose rights and policies hold: itself it is nobody's but the owner's. */
export function describePartitions(ctx: TenancyContext): void {
  it('nobody may do anything with a partition', async () => {
    const { rows } = await ctx
      .db()
      .query<{ name: string }>('SELECT p.partition::text AS name FROM hookline.partitions() p', []);
    expect(rows.length).toBeGreaterThan(1);
    for (const { name } of rows) {
      for (const actor of ACTORS) {
        for (const statement of STATEMENTS) {
          const refused = ctx.db().transaction(async (tx) => {
            await tx.query(actAs(actor, ctx.world()));
            await tx.query(statement.replace('%', name));
          });
          await expect(refused, `${actor}: ${statement} of ${name}`).rejects.toMatchObject({ code: '42501' });
        }
      }
    }
  });
}
