import { connect } from '@planetscale/database';
import type { RowDataPacket } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestPlanetscaleApi, type TestPlanetscaleApi } from '../harness/planetscale-api.js';

interface Password {
  readonly id: string;
  readonly role: string;
  readonly access_host_url: string;
  readonly username: string;
  readonly plain_text: string;
  readonly expires_at: string | null;
}

const INSERT = "INSERT INTO things (name) VALUES ('a')";
const ALTER = 'ALTER TABLE things ADD COLUMN more INT';
const DENIED = /command denied to user/;
const SAFE = /DDL is disabled/;

const urlOf = ({ access_host_url, username, plain_text }: Password): string =>
  `http://${username}:${plain_text}@${access_host_url}`;

describe('passwords of the stand-in of PlanetScale’s API, with the real driver', () => {
  let api: TestPlanetscaleApi;
  beforeAll(async () => {
    api = await startTestPlanetscaleApi();
    await api.database.pool.query('CREATE TABLE things (id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(20))');
    await api.call('POST', '/branches', { name: 'dev', parent_branch: 'main' });
  });
  afterAll(() => api.close());

  const make = async (branch: string, body: object = {}): Promise<Password> => {
    const made = await api.call<Password>('POST', `/branches/${branch}/passwords`, body);
    expect(made.status).toBe(201);
    return made.body;
  };
  const execute = (password: Password, sql: string) =>
    connect({ url: urlOf(password) })
      .execute(sql)
      .then(
        () => 'done',
        (error: Error) => error.message,
      );
  const logins = async (id: string): Promise<number> => {
    const [rows] = await api.database.pool.query<RowDataPacket[]>('SELECT user FROM mysql.user WHERE user = ?', [
      `ps_${id}`,
    ]);
    return rows.length;
  };

  it('are told once, listed without what is secret, and end when they are deleted', async () => {
    const made = await make('dev', { name: 'mine', role: 'readwriter', ttl: 3600 });
    expect(made).toMatchObject({
      name: 'mine',
      role: 'readwriter',
      access_host_url: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
      username: expect.stringMatching(/^\w+$/),
      plain_text: expect.stringMatching(/^pscale_pw_\w+$/),
      ttl_seconds: 3600,
      expires_at: expect.any(String),
    });
    expect(Date.parse(made.expires_at ?? '') - Date.now()).toBeGreaterThan(3_500_000);
    const path = `/branches/dev/passwords/${made.id}`;
    expect((await api.call('GET', path)).body).toMatchObject({ id: made.id, name: 'mine', plain_text: null });
    const list = await api.call<{ data: Password[] }>('GET', '/branches/dev/passwords');
    expect(list.body).toMatchObject({ type: 'list', data: [{ id: made.id, plain_text: null }] });
    expect(await execute(made, INSERT)).toBe('done');
    expect(await logins(made.id)).toBe(1);
    expect((await api.call('DELETE', path)).status).toBe(204);
    expect(await execute(made, INSERT)).toMatch(/fetch failed/);
    expect(await logins(made.id)).toBe(0);
    for (const method of ['GET', 'DELETE']) expect((await api.call(method, path)).status).toBe(404);
    expect((await api.call('DELETE', '/branches/dev/passwords/nope')).status).toBe(404);
    expect((await api.call('POST', '/branches/nope/passwords', {})).status).toBe(404);
    for (const body of [{ role: 'god' }, { ttl: -1 }, { name: 7 }]) {
      expect((await api.call('POST', '/branches/dev/passwords', body)).status).toBe(422);
    }
  });

  it.each([
    ['dev', 'reader', [/^done$/, DENIED, DENIED]],
    ['dev', 'writer', [DENIED, /^done$/, DENIED]],
    ['dev', 'readwriter', [/^done$/, /^done$/, DENIED]],
    ['dev', 'admin', [/^done$/, /^done$/, /^done$/]],
    ['main', 'reader', [/^done$/, DENIED, SAFE]],
    ['main', 'admin', [/^done$/, /^done$/, SAFE]],
  ])('on %s let a %s read, write and change tables as the role says', async (branch, role, expected) => {
    const password = await make(branch, { role });
    expect(password.role).toBe(role);
    for (const [index, sql] of ['SELECT * FROM things', INSERT, ALTER].entries()) {
      expect(await execute(password, sql), sql).toMatch(expected[index] ?? '');
    }
  });

  it('are of one branch, and see nothing of others', async () => {
    const [dev, main] = [await make('dev'), await make('main', { role: 'reader' })];
    const production = decodeURIComponent(new URL(api.database.url).pathname.slice(1));
    expect(await execute(dev, `SELECT * FROM \`${production}\`.things`)).toMatch(DENIED);
    const crossed = { ...main, username: dev.username, plain_text: dev.plain_text };
    expect(await execute(crossed, 'SELECT 1')).toMatch(/invalid auth credentials/);
  });

  it('let production be changed when safe migrations are off, on the same address', async () => {
    const password = await make('main');
    expect(await execute(password, ALTER)).toMatch(SAFE);
    await api.call('DELETE', '/branches/main/safe-migrations');
    expect(await execute(password, ALTER)).toBe('done');
    await api.call('POST', '/branches/main/safe-migrations');
    expect(await execute(password, 'ALTER TABLE things DROP COLUMN more')).toMatch(SAFE);
  });

  it('end by themselves after their time, and with their branch', async () => {
    await api.call('POST', '/branches', { name: 'short', parent_branch: 'main' });
    const [brief, longer] = [await make('short', { ttl: 1 }), await make('short')];
    await expect.poll(() => execute(brief, 'SELECT 1'), { timeout: 10_000 }).toMatch(/fetch failed/);
    expect((await api.call('GET', `/branches/short/passwords/${brief.id}`)).status).toBe(404);
    expect(await execute(longer, 'SELECT 1')).toBe('done');
    expect((await api.call('DELETE', '/branches/short')).status).toBe(204);
    expect(await execute(longer, 'SELECT 1')).toMatch(/fetch failed/);
  });
});
