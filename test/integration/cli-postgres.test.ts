import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../src/db/database.js';
import { openPostgres } from '../../src/db/pg.js';
import { newPostgresDatabase } from '../harness/databases.js';
import { createWebhook } from '../harness/delivering.js';
import { startHooklineProcess } from '../harness/hookline-process.js';
import { startReceiver } from '../harness/receiver-server.js';
import { postEvent, SERVICE_KEY } from './api-client.js';

const BASE = { PORT: '0', HOOKLINE_ALLOW_NETWORKS: '127.0.0.0/8', HOOKLINE_SERVICE_KEY: SERVICE_KEY };

describe('hookline on PostgreSQL', () => {
  let database: Awaited<ReturnType<typeof newPostgresDatabase>>;
  let owner: Database;
  /** A login as hookline_login is: no rights of its own. Roles are the cluster's, so it gets a name of its own. */
  let login: string;
  let loginUrl: string;
  const setUp = async (migrated: boolean): Promise<void> => {
    database = await newPostgresDatabase({ migrated });
    owner = openPostgres({ connectionString: database.url });
    login = `hookline_test_login_${randomBytes(4).toString('hex')}`;
    await owner.query(`CREATE ROLE ${login} LOGIN NOINHERIT PASSWORD 'for-tests'`);
    const url = new URL(database.url);
    url.username = login;
    url.password = 'for-tests';
    loginUrl = url.href;
  };
  const grantRoles = () => owner.query(`GRANT anon, authenticated, service_role TO ${login}`);
  const tearDown = async (): Promise<void> => {
    await owner.query(`DROP OWNED BY ${login}; DROP ROLE ${login}`);
    await owner.close();
    await database.drop();
  };

  describe('that lacks migrations', () => {
    beforeAll(() => setUp(false));
    afterAll(tearDown);

    it.each([
      [
        'a wrong password',
        (url: URL) => Object.assign(url, { password: 'wrong' }),
        'database_refused',
        'password authentication failed',
      ],
      [
        'a database that is not there',
        (url: URL) => Object.assign(url, { pathname: '/nowhere' }),
        'database_refused',
        'does not exist',
      ],
      [
        'a port where nothing listens',
        (url: URL) => Object.assign(url, { port: '1' }),
        'database_unavailable',
        'ECONNREFUSED',
      ],
    ])('says what to mend: %s', async (_, change, code, cause) => {
      const url = change(new URL(loginUrl)).href;
      const started = startHooklineProcess(['start'], { ...BASE, DATABASE_URL: url });
      expect(await started.ended()).toBe(1);
      expect(started.output()).toContain(`Code:  ${code}`);
      expect(started.output()).toContain(cause);
      expect(started.output()).toMatch(/Hint: .*DATABASE_URL/);
      expect(started.output()).not.toContain('for-tests');
    });

    it('refuses to start on a database that lacks migrations, and names the command', async () => {
      const hookline = startHooklineProcess(['start'], { ...BASE, DATABASE_URL: loginUrl });
      expect(await hookline.ended()).toBe(1);
      expect(hookline.output()).toMatch(/Hint: .*hookline migrate.*\nCode: {2}not_migrated/);
    });
  });

  describe('that is migrated', () => {
    beforeAll(() => setUp(true));
    afterAll(tearDown);

    it('names the owner where a login may not migrate', async () => {
      const migrating = startHooklineProcess(['migrate'], { DATABASE_URL: loginUrl });
      const ofNobody = Object.assign(new URL(loginUrl), { password: 'of-nobody' }).href;
      const mistaken = startHooklineProcess(['migrate'], {
        DATABASE_URL: database.url,
        HOOKLINE_MIGRATE_DATABASE_URL: ofNobody,
      });
      expect(await mistaken.ended()).toBe(1);
      expect(mistaken.output()).toContain('Hint:  Correct user and password in HOOKLINE_MIGRATE_DATABASE_URL');
      expect(await migrating.ended()).toBe(1);
      expect(migrating.output()).toContain('Code:  database_refused');
      expect(migrating.output()).toContain('HOOKLINE_MIGRATE_DATABASE_URL');
    });

    it('refuses a login that may not take the roles, and names the grant', async () => {
      const hookline = startHooklineProcess(['start'], { ...BASE, DATABASE_URL: loginUrl });
      expect(await hookline.ended()).toBe(1);
      expect(hookline.output()).toContain(`GRANT anon, authenticated, service_role TO ${login}`);
    });

    it('delivers as a login without rights of its own: api and worker apart', async () => {
      await grantRoles();
      const receiver = await startReceiver();
      const webhook = await createWebhook(owner, receiver.url);
      const env = { ...BASE, DATABASE_URL: loginUrl };
      const api = startHooklineProcess(['api'], env);
      const worker = startHooklineProcess(['worker'], env);
      await api.waitForOutput('hookline.started');
      await worker.waitForOutput('hookline.started');
      const url = /"url":"([^"]+)"/.exec(api.output())?.[1] ?? '';
      const { status } = await postEvent(
        url,
        `{"type":"video.generated","user_id":"${webhook.userId}","payload":{"video_id":"v1"}}`,
      );
      expect(status).toBe(202);
      const [request] = await receiver.waitFor(1);
      expect(request?.body.toString()).toBe('{"video_id":"v1"}');
      for (const text of [api.output(), worker.output()]) expect(text).not.toContain('owner or a superuser');
      expect(api.output()).toMatch(/MODELRIVER_WEBHOOK_SECRET .*not set/);
      expect(await Promise.all([api.end('SIGTERM'), worker.end('SIGTERM')])).toEqual([0, 0]);
      await receiver.close();
    });
  });

  describe('that it migrates', () => {
    beforeEach(() => setUp(false));
    afterEach(tearDown);

    it('migrates with the owner’s login and runs with the other', async () => {
      await owner.query(
        "DO $$ DECLARE r text; BEGIN FOREACH r IN ARRAY ARRAY['anon','authenticated','service_role'] LOOP IF to_regrole(r) IS NULL THEN EXECUTE format('CREATE ROLE %I NOLOGIN', r); END IF; END LOOP; END $$",
      );
      await grantRoles();
      const env = { ...BASE, DATABASE_URL: loginUrl, HOOKLINE_MIGRATE_DATABASE_URL: database.url };
      const hookline = startHooklineProcess(['start'], env);
      await hookline.waitForOutput('hookline.started');
      expect(hookline.output()).toContain('migration.applied');
      expect(hookline.output()).not.toContain('owner or a superuser');
      expect(await hookline.end('SIGTERM')).toBe(0);
    });

    it('migrates as an owner too, and warns', async () => {
      const hookline = startHooklineProcess(['start'], { ...BASE, DATABASE_URL: database.url });
      await hookline.waitForOutput('hookline.started');
      expect(hookline.output()).toMatch(/migration\.applied.*owner or a superuser.*hookline_login/s);
      expect(await hookline.end('SIGTERM')).toBe(0);
    });
  });
});
