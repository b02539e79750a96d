import { expect, it } from 'vitest';
import { asService } from '../../src/db/roles.js';
import { asUserId, createUser, describeOnPostgres } from '../harness/databases.js';

describeOnPostgres('the quota of webhooks', (ctx) => {
  const create = (userId: string) =>
    asUserId(ctx.db(), userId, (tx) => tx.query("SELECT * FROM create_webhook('w', 'https://example.com/hook')"));

  it('holds for each user, also for inserts at once, and the operator sets it', async () => {
    await asService(ctx.db(), (tx) => tx.query('UPDATE hookline.settings SET webhooks_per_user = 3'));
    const [user, other] = [await createUser(ctx.db()), await createUser(ctx.db())];
    const results = await Promise.allSettled(Array.from({ length: 8 }, () => create(user)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
    for (const result of results) {
      if (result.status === 'rejected')
        expect(result.reason).toMatchObject({ code: 'HK007', hint: expect.any(String) });
    }
    await create(other);
    await asUserId(ctx.db(), user, (tx) => tx.query('DELETE FROM webhooks'));
    await create(user);
  });
});
