import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrate } from '../../src/db/migrate.js';
import { asService, asUser } from '../../src/db/roles.js';
import { asUserId } from '../harness/databases.js';
import { asAnon, INSUFFICIENT_PRIVILEGE, makeHook, one, putDelivery, rows, sqlError, trigger } from './spec-helpers.js';
import { newSupabaseLike, type SupabaseLike } from './spec-supabase-database.js';

// Everything about schema auth that a migration could change. Foreign keys to auth.users add internal triggers there, and must.
const AUTH_STATE = `SELECT 'schema' AS kind, n.nspname::text AS name, n.nspowner::regrole::text AS owner, n.nspacl::text AS acl, '' AS more
    FROM pg_namespace n WHERE n.nspname = 'auth'
  UNION ALL SELECT 'table', c.relname, c.relowner::regrole::text, c.relacl::text,
      concat_ws(' ', c.relkind, c.relrowsecurity, c.relforcerowsecurity, (SELECT count(*) FROM pg_policy p WHERE p.polrelid = c.oid))
    FROM pg_class c WHERE c.relnamespace = 'auth'::regnamespace
  UNION ALL SELECT 'column', c.relname || '.' || a.attname, '', a.attacl::text,
      concat_ws(' ', format_type(a.atttypid, a.atttypmod), a.attnotnull, a.atthasdef)
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    WHERE c.relnamespace = 'auth'::regnamespace AND c.relkind = 'r' AND a.attnum > 0
  UNION ALL SELECT 'function', p.proname, p.proowner::regrole::text, p.proacl::text, md5(p.prosrc)
    FROM pg_proc p WHERE p.pronamespace = 'auth'::regnamespace
  UNION ALL SELECT 'trigger', t.tgname, '', NULL, '' FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    WHERE c.relnamespace = 'auth'::regnamespace AND NOT t.tgisinternal
  UNION ALL SELECT 'role', r.rolname, '', NULL, concat_ws(' ', r.rolcanlogin, r.rolinherit, r.rolbypassrls, r.rolcreaterole)
    FROM pg_roles r WHERE r.rolname IN ('anon', 'authenticated', 'service_role')
  ORDER BY 1, 2`;

const VARIANTS = [
  { name: 'a Supabase-like database, owner with BYPASSRLS', bypassRls: true, auth: true },
  { name: 'a Supabase-like database, owner without BYPASSRLS', bypassRls: false, auth: true },
  { name: 'a plain database, owner no superuser', bypassRls: false, auth: false },
];

for (const { name, ...options } of VARIANTS) {
  describe(`on ${name}`, () => {
    let supabase: SupabaseLike;
    let before: unknown[] = [];
    let [user, stranger] = ['', ''];

    beforeAll(async () => {
      supabase = await newSupabaseLike(options);
      if (options.auth) before = await rows(supabase.admin, AUTH_STATE);
      await migrate(supabase.runner);
      [user, stranger] = [await signUp(), await signUp()];
    });
    afterAll(async () => {
      await supabase?.drop();
    });

    async function signUp(): Promise<string> {
      const id = randomUUID();
      await supabase.admin.query("INSERT INTO auth.users (id, email) VALUES ($1::uuid, 'u@example.com')", [id]);
      return id;
    }

    if (options.auth) {
      it('auth, auth.users, auth.uid() and the roles are left as they were', async () => {
        expect(before).toContainEqual(
          expect.objectContaining({ kind: 'table', name: 'users', owner: supabase.authAdmin }),
        );
        expect(before).toContainEqual(
          expect.objectContaining({ kind: 'function', name: 'uid', owner: supabase.authAdmin }),
        );
        expect(await rows(supabase.admin, AUTH_STATE)).toEqual(before);
      });
    }

    it('the whole path works with an owner who is no superuser', async () => {
      const db = supabase.runner;
      const hook = await makeHook(db, user, { types: ['video.generated'] });
      await makeHook(db, stranger, { types: ['video.generated'] });
      await asUserId(db, user, (tx) =>
        one(tx, 'SELECT * FROM subscribe_webhook_events($1::uuid, $2::text[])', [
          hook.id,
          ['credit.added', 'video.failed'],
        ]),
      );
      const gone = await asUserId(db, user, (tx) =>
        one(tx, 'SELECT * FROM unsubscribe_webhook_events($1::uuid, $2::text[])', [hook.id, ['video.failed']]),
      );
      expect(gone).toEqual({ unsubscribed_count: 1 });
      expect(await trigger(db, 'video.generated', { n: 1 })).toHaveLength(2);
      const [mine, ...more] = await trigger(db, 'credit.added', { n: 2 }, user);
      expect(more).toEqual([]);
      expect(mine).toMatchObject({ webhook_id: hook.id, webhook_url: hook.url });

      const id = await putDelivery(db, hook, { status: 'failed', responseStatus: 500, responseTimeMs: 20 });
      const statistics = () =>
        asUserId(db, user, (tx) => one(tx, 'SELECT * FROM get_webhook_statistics($1::uuid)', [hook.id]));
      expect(await statistics()).toMatchObject({ total_deliveries: 1, failed_deliveries: 1, success_rate: 0 });
      const retried = await asUserId(db, user, (tx) => one(tx, 'SELECT * FROM retry_failed_delivery($1::uuid)', [id]));
      expect(retried).toMatchObject({ success: true });
      const claimed = await asService(db, (tx) => rows(tx, 'SELECT * FROM get_pending_webhook_retries()'));
      expect(claimed).toMatchObject([{ delivery_id: id, webhook_id: hook.id, webhook_secret: hook.secret }]);
      const completed = await asService(db, (tx) =>
        one(tx, 'SELECT recorded, status FROM complete_webhook_delivery($1::uuid, p_response_status := 200)', [id]),
      );
      expect(completed).toEqual({ recorded: true, status: 'success' });
      expect(await statistics()).toMatchObject({ total_deliveries: 1, successful_deliveries: 1, success_rate: 100 });
      const counters = await asUserId(db, user, (tx) =>
        one(tx, 'SELECT successful_deliveries, failed_deliveries FROM webhooks WHERE id = $1::uuid', [hook.id]),
      );
      expect(counters).toEqual({ successful_deliveries: 1, failed_deliveries: 0 });
      await asUserId(db, user, (tx) => tx.query('DELETE FROM webhooks WHERE id = $1::uuid', [hook.id]));
      expect(
        await asService(db, (tx) => rows(tx, 'SELECT id FROM webhook_deliveries WHERE id = $1::uuid', [id])),
      ).toEqual([]);
    });

    it('hookline.known_user finds the users of auth.users, and no one else', async () => {
      const known = (id: string) =>
        asService(supabase.runner, (tx) => one(tx, 'SELECT hookline.known_user($1::text) AS id', [id]));
      expect(await known(user)).toEqual({ id: user });
      for (const id of [randomUUID(), 'nobody', '']) expect(await known(id)).toEqual({ id: null });
    });

    it('users see their own rows only, and nobody without a session any', async () => {
      const db = supabase.runner;
      const hook = await makeHook(db, user);
      await putDelivery(db, hook, { status: 'success' });
      for (const table of ['webhooks', 'webhook_event_subscriptions', 'webhook_deliveries']) {
        const column = table === 'webhooks' ? 'id' : 'webhook_id';
        const sql = `SELECT id FROM ${table} WHERE ${column} = $1::uuid`;
        expect(await asUserId(db, user, (tx) => rows(tx, sql, [hook.id])), table).toHaveLength(1);
        expect(await asUserId(db, stranger, (tx) => rows(tx, sql, [hook.id])), table).toEqual([]);
        expect((await sqlError(asAnon(db, (tx) => rows(tx, sql, [hook.id])))).code).toBe(INSUFFICIENT_PRIVILEGE);
      }
      const events = 'SELECT event_type FROM webhook_events';
      expect(await asUser(db, { role: 'authenticated' }, (tx) => rows(tx, events))).toHaveLength(8);
    });

    it('a user who is removed from auth.users takes nothing of another along', async () => {
      const leaver = await signUp();
      const [gone, stays] = [await makeHook(supabase.runner, leaver), await makeHook(supabase.runner, user)];
      await supabase.admin.query('DELETE FROM auth.users WHERE id = $1::uuid', [leaver]);
      const left = await asService(supabase.runner, (tx) =>
        rows<{ id: string }>(tx, 'SELECT id FROM webhooks WHERE id IN ($1::uuid, $2::uuid)', [gone.id, stays.id]),
      );
      expect(left).toEqual([{ id: stays.id }]);
    });

    it('migrating again changes nothing', async () => {
      expect((await migrate(supabase.runner)).applied).toEqual([]);
    });
  });
}
