import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { Database, Queryable } from '../../src/db/database.js';
import { asService, asUser } from '../../src/db/roles.js';
import { createUser, describeOnEachDatabase } from '../harness/databases.js';
import { codeOf, value } from './database-helpers.js';

const UUID = '0b0e6f2e-6c1c-4f7c-9a4e-0f1de5a1b111';

describeOnEachDatabase('asUser and asService', (ctx) => {
  const WHO = `SELECT current_user::text AS role, current_setting('request.jwt.claims', true) AS claims,
      pg_backend_pid() AS connection`;
  interface Who {
    readonly role: string;
    readonly claims: string | null;
    readonly connection: number;
  }
  const who = async (q: Queryable): Promise<Who> => {
    const [row] = (await q.query<Who>(WHO, [])).rows;
    if (row === undefined) throw new Error('no row');
    return row;
  };
  /** The same connection must be no user's afterwards. */
  const expectNobody = async (db: Database, { connection }: Who, owner: string) => {
    const after = await who(db);
    expect(after.connection).toBe(connection);
    expect(after.role).toBe(owner);
    expect(after.claims ?? '').toBe('');
  };

  it('set role and claims for one transaction', async () => {
    const owner = (await who(ctx.db())).role;
    const claims = { sub: UUID, role: 'authenticated', email: `o'x"@example.com` } as const;
    const user = await asUser(ctx.db(), claims, who);
    expect(user.role).toBe('authenticated');
    expect(JSON.parse(user.claims ?? '')).toEqual(claims);
    await expectNobody(ctx.db(), user, owner);

    const anon = await asUser(ctx.db(), { role: 'anon' }, who);
    expect([anon.role, JSON.parse(anon.claims ?? '')]).toEqual(['anon', { role: 'anon' }]);
    await expectNobody(ctx.db(), anon, owner);

    const service = await asService(ctx.db(), who);
    expect([service.role, JSON.parse(service.claims ?? '')]).toEqual(['service_role', { role: 'service_role' }]);
    await expectNobody(ctx.db(), service, owner);
  });

  it('have no statement compiled, which takes longer than any of theirs runs', async () => {
    const jit = (q: Queryable) => value(q, `SELECT current_setting('jit') AS v`, []);
    const before = await jit(ctx.db());
    expect(await asUser(ctx.db(), { sub: UUID, role: 'authenticated' }, jit)).toBe('off');
    expect(await asService(ctx.db(), jit)).toBe('off');
    expect(await jit(ctx.db())).toBe(before);
  });

  it('leave nothing behind after an error', async () => {
    const owner = (await who(ctx.db())).role;
    for (const as of [
      (fn: (tx: Queryable) => Promise<void>) => asUser(ctx.db(), { sub: UUID, role: 'authenticated' }, fn),
      (fn: (tx: Queryable) => Promise<void>) => asService(ctx.db(), fn),
    ]) {
      let seen: Who | undefined;
      const failing = as(async (tx) => {
        seen = await who(tx);
        await tx.query('SELECT 1 / 0', []);
      });
      expect(await codeOf(failing)).toBe('22012');
      if (seen === undefined) throw new Error('the function did not run');
      await expectNobody(ctx.db(), seen, owner);
    }
  });

  it('change nothing where they may only read, and are free again afterwards', async () => {
    const write = async (tx: Queryable) => {
      await tx.query('CREATE TABLE public.written (id int)', []);
    };
    const claims = { sub: UUID, role: 'authenticated' } as const;
    await ctx.db().query('GRANT CREATE ON SCHEMA public TO authenticated, service_role', []);
    for (const act of [
      (access: 'read' | 'write') => asUser(ctx.db(), claims, write, access),
      (access: 'read' | 'write') => asService(ctx.db(), write, access),
    ]) {
      expect(await codeOf(act('read'))).toBe('25006');
      await act('write');
      await ctx.db().query('DROP TABLE public.written', []);
    }
    const undo = (tx: Queryable) => tx.query(`SELECT set_config('transaction_read_only', 'off', true)`, []);
    expect(await codeOf(asUser(ctx.db(), claims, undo, 'read'))).toBe('25001');
  });

  it('let auth.uid() tell the user, and nobody else', async () => {
    const uid = (q: Queryable) => value(q, 'SELECT auth.uid() AS v', []);
    const user = await createUser(ctx.db());
    expect(await asUser(ctx.db(), { sub: user, role: 'authenticated' }, uid)).toBe(user);
    expect(await asUser(ctx.db(), { role: 'anon' }, uid)).toBeNull();
    expect(await asService(ctx.db(), uid)).toBeNull();
    expect(await uid(ctx.db())).toBeNull();
  });

  it('do not mix users that come at the same time', async () => {
    const users = await Promise.all(Array.from({ length: 12 }, () => createUser(ctx.db())));
    const seen = await Promise.all(
      users.map((sub) =>
        asUser(ctx.db(), { sub, role: 'authenticated' }, async (tx) => {
          await sleep(5);
          return value(tx, 'SELECT auth.uid() AS v', []);
        }),
      ),
    );
    expect(seen).toEqual(users);
  });
});
