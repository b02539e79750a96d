import { expect, it } from 'vitest';
import { asService, asUser } from '../../src/db/roles.js';
import { asUserId, createUser, describeOnPostgres } from '../harness/databases.js';
import { useReceiver } from './receive-helpers.js';

describeOnPostgres('who may do what with ai_content', (ctx) => {
  const { send, event } = useReceiver(ctx);
  const READ = 'SELECT title FROM ai_content ORDER BY title';
  const DENIED = { code: '42501' };

  it('a row is read by the user it names, and by nobody else', async () => {
    const [ada, bob] = [await createUser(ctx.db()), await createUser(ctx.db())];
    for (const [title, user_id] of [
      ['of Ada', ada],
      ['of Bob', bob],
      ['of nobody', undefined],
    ]) {
      await send(JSON.stringify(event({ ai_response: { data: { title } }, customer_data: { user_id } })));
    }
    const read = async (user: string) => (await asUserId(ctx.db(), user, (tx) => tx.query(READ))).rows;
    expect(await read(ada)).toEqual([{ title: 'of Ada' }]);
    expect(await read(bob)).toEqual([{ title: 'of Bob' }]);
    expect(await read(await createUser(ctx.db()))).toEqual([]);
    expect((await asService(ctx.db(), (tx) => tx.query(READ))).rows).toHaveLength(3);
    await expect(asUser(ctx.db(), { role: 'anon' }, (tx) => tx.query(READ))).rejects.toMatchObject(DENIED);
  });

  it('a user writes nothing, not even their own row, and calls nothing of the service', async () => {
    const user = await createUser(ctx.db());
    await send(JSON.stringify(event({ customer_data: { user_id: user } })));
    for (const sql of [
      "INSERT INTO ai_content (title) VALUES ('x')",
      "UPDATE ai_content SET title = 'x'",
      'DELETE FROM ai_content',
      'TRUNCATE ai_content',
      "SELECT nextval('ai_content_id_seq')",
      "SELECT * FROM hookline.emit_stored_event(1, '{}')",
    ]) {
      for (const role of ['authenticated', 'anon'] as const) {
        await expect(
          asUser(ctx.db(), { sub: user, role }, (tx) => tx.query(sql)),
          sql,
        ).rejects.toMatchObject(DENIED);
      }
    }
  });

  it('the database alone decides the owner, and a row goes with its user', async () => {
    const [ada, bob] = [await createUser(ctx.db()), await createUser(ctx.db())];
    const sql = `INSERT INTO ai_content (title, user_id, metadata) VALUES ('t', $1::uuid, $2::text::jsonb) RETURNING user_id::text AS owner`;
    const insert = async (metadata: string | null) =>
      (await asService(ctx.db(), (tx) => tx.query(sql, [bob, metadata]))).rows;
    expect(await insert(JSON.stringify({ user_id: ada }))).toEqual([{ owner: ada }]);
    for (const metadata of [null, '{}', '[1]', '"text"', '{"user_id":null}'])
      expect(await insert(metadata)).toEqual([{ owner: null }]);
    await ctx.db().query('DELETE FROM auth.users WHERE id = $1::uuid', [ada]);
    expect((await ctx.db().query('SELECT FROM ai_content WHERE user_id IS NOT NULL')).rows).toEqual([]);
  });

  it('updated_at follows changes of the content, not the bookkeeping', async () => {
    await ctx
      .db()
      .query("INSERT INTO ai_content (title, created_at, updated_at) VALUES ('t', '2020-01-01Z', '2020-01-01Z')");
    const touched = async (set: string): Promise<boolean> => {
      const { rows } = await ctx
        .db()
        .query<{ touched: boolean }>(`UPDATE ai_content SET ${set} RETURNING updated_at > '2020-01-02Z' AS touched`);
      return rows[0]?.touched === true;
    };
    expect(await touched('repeats = repeats + 1')).toBe(false);
    expect(await touched("callback_state = 'pending', callback_lease = 'x'")).toBe(false);
    expect(await touched("event_state = 'skipped'")).toBe(false);
    expect(await touched("title = 'other'")).toBe(true);
  });
});
