import type { RowDataPacket } from 'mysql2/promise';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startPlanetscaleApi } from '../../src/dev/planetscale-api/api.js';
import { startTestPlanetscaleApi, type TestPlanetscaleApi } from '../harness/planetscale-api.js';

const TABLE = 'CREATE TABLE things (id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(20))';
const BASE = '/v1/organizations/acme/databases/app';

interface Page {
  readonly current_page: number;
  readonly next_page: number | null;
  readonly next_page_url: string | null;
  readonly prev_page: number | null;
  readonly prev_page_url: string | null;
  readonly data: readonly { readonly name: string }[];
}

describe('branches of the stand-in of PlanetScale’s API', () => {
  let api: TestPlanetscaleApi;
  beforeAll(async () => {
    api = await startTestPlanetscaleApi();
    await api.database.pool.query(TABLE);
    await api.database.pool.query("INSERT INTO things (name) VALUES ('a'), ('b')");
  });
  afterAll(() => api.close());
  afterEach(async () => {
    const { body } = await api.call<Page>('GET', '/branches?per_page=100');
    for (const { name } of body.data) if (name !== 'main') await api.call('DELETE', `/branches/${name}`);
  });

  const create = (name: string, parent_branch = 'main') => api.call('POST', '/branches', { name, parent_branch });
  const databases = async (): Promise<string[]> => {
    const [rows] = await api.database.pool.query<RowDataPacket[]>('SHOW DATABASES LIKE ?', [
      `${new URL(api.database.url).pathname.slice(1)}\\_\\_ps\\_%`,
    ]);
    return rows.map((row) => String(Object.values(row)[0]).replace(/.*__ps_/, ''));
  };

  it('answers only the token, and only for its organization and database', async () => {
    const ask = async (path: string, authorization: string) => {
      const response = await fetch(api.url + path, { headers: { authorization } });
      return { status: response.status, body: await response.json() };
    };
    const right = `${api.settings.tokenId}:${api.settings.token}`;
    const unauthorized = { status: 401, body: { code: 'unauthorized', message: expect.any(String) } };
    for (const wrong of ['', `${api.settings.tokenId}:nope`, `nope:${api.settings.token}`, `Bearer ${right}`]) {
      expect(await ask(`${BASE}/branches`, wrong)).toEqual(unauthorized);
    }
    for (const path of ['/v1/organizations/other/databases/app/branches', `${BASE}/nothing`, `${BASE}/branches/nope`]) {
      expect(await ask(path, right)).toEqual({ status: 404, body: { code: 'not_found', message: 'Not Found' } });
    }
    expect((await ask(`${BASE}/branches`, right)).status).toBe(200);
  });

  it('has main, which is production and under safe migrations', async () => {
    expect((await api.call('GET', '/branches/main')).body).toMatchObject({
      type: 'Branch',
      name: 'main',
      parent_branch: null,
      production: true,
      ready: true,
      schema_ready: true,
      safe_migrations: true,
      sharded: false,
      state: 'ready',
      html_url: expect.stringContaining('main'),
      region: { slug: expect.any(String) },
    });
    expect(await api.call('DELETE', '/branches/main')).toMatchObject({ status: 422, body: { code: 'unprocessable' } });
  });

  it('makes a branch with the tables and none of the rows, and deletes it', async () => {
    const created = await create('ai-content-v2');
    expect(created).toMatchObject({
      status: 201,
      body: { name: 'ai-content-v2', parent_branch: 'main', production: false, safe_migrations: false },
    });
    const schema = await api.call('GET', '/branches/ai-content-v2/schema');
    expect(schema.body).toEqual({
      data: [
        {
          name: 'things',
          html: expect.stringContaining('things'),
          raw: expect.stringMatching(/^CREATE TABLE `things` \(.*AUTO_INCREMENT,.*\) ENGINE=InnoDB DEFAULT/s),
          annotated: false,
        },
      ],
    });
    const { url } = await api.gateway('ai-content-v2');
    expect(url).toMatch(/^http:\/\/\w+:\w+@127\.0\.0\.1:\d+$/);
    await api.run('ai-content-v2', 'ALTER TABLE things ADD COLUMN more INT');
    const raw = async (branch: string) => JSON.stringify((await api.call('GET', `/branches/${branch}/schema`)).body);
    expect(await raw('ai-content-v2')).toContain('`more` int');
    expect(await raw('main')).not.toContain('more');
    await create('nested', 'ai-content-v2');
    expect(await raw('nested')).toContain('`more` int');
    expect(await databases()).toEqual(['ai-content-v2', 'nested', 'state']);
    expect((await api.call('DELETE', '/branches/ai-content-v2')).status).toBe(204);
    expect((await api.call('GET', '/branches/ai-content-v2')).status).toBe(404);
    expect((await api.call('DELETE', '/branches/ai-content-v2')).status).toBe(404);
    expect(await databases()).toEqual(['nested', 'state']);
  });

  it('refuses names that are taken or cannot be used, and a parent that is not there', async () => {
    await create('dev');
    expect(await create('dev')).toMatchObject({
      status: 422,
      body: { code: 'unprocessable', message: 'Name has already been taken' },
    });
    const both = await Promise.all([create('twice'), create('twice')]);
    expect(both.map(({ status }) => status).sort()).toEqual([201, 422]);
    for (const name of ['', 'A', 'a b', '-a', 'a/b', `a'; DROP`, 'ä', 'x'.repeat(100)]) {
      expect(await create(name), name).toMatchObject({ status: 422, body: { code: 'unprocessable' } });
    }
    expect((await create('other', 'nope')).status).toBe(404);
    expect(await api.call('POST', '/branches', { name: 'x' })).toMatchObject({
      status: 422,
      body: { message: expect.stringContaining('parent_branch') },
    });
    const broken = await fetch(`${api.url}${BASE}/branches`, {
      method: 'POST',
      headers: { authorization: `${api.settings.tokenId}:${api.settings.token}`, 'content-type': 'application/json' },
      body: '{',
    });
    expect(broken.status).toBe(400);
  });

  it('keeps branches apart from its own databases, and takes long names', async () => {
    for (const name of ['state', 'scratch_1', `l${'o'.repeat(60)}ng`]) {
      expect((await create(name)).status, name).toBe(201);
      expect((await api.call<{ data: unknown[] }>('GET', `/branches/${name}/schema`)).body.data).toHaveLength(1);
    }
    expect(await databases()).toHaveLength(4);
  });

  it('gives lists page by page', async () => {
    for (const name of ['a1', 'a2', 'a3', 'a4']) await create(name);
    const list = async (query: string) => (await api.call<Page>('GET', `/branches${query}`)).body;
    const names = ({ data }: Page) => data.map(({ name }) => name);
    const all = await list('');
    expect(all).toMatchObject({ type: 'list', current_page: 1, next_page: null, next_page_url: null, prev_page: null });
    expect(names(all)).toEqual(['main', 'a1', 'a2', 'a3', 'a4']);
    const second = await list('?page=2&per_page=2');
    expect(second).toMatchObject({ current_page: 2, next_page: 3, prev_page: 1 });
    expect(second.next_page_url).toBe(`${api.url}${BASE}/branches?page=3&per_page=2`);
    expect(names(second)).toEqual(['a2', 'a3']);
    const last = await list('?page=3&per_page=2');
    expect([names(last), last.next_page]).toEqual([['a4'], null]);
    expect((await list('?page=9')).data).toEqual([]);
  });

  it('tells what PlanetScale’s linter refuses', async () => {
    await create('dev');
    expect((await api.call('GET', '/branches/dev/schema/lint')).body).toMatchObject({ type: 'list', data: [] });
    await api.run('dev', 'CREATE TABLE keyless (a INT)');
    const { body } = await api.call('GET', '/branches/dev/schema/lint');
    expect(body).toMatchObject({
      data: [
        {
          lint_error: 'NO_UNIQUE_KEY',
          subject_type: 'table',
          keyspace_name: 'app',
          table_name: 'keyless',
          error_description: expect.any(String),
          docs_url: expect.any(String),
        },
      ],
    });
  });

  it('turns safe migrations off and on', async () => {
    const { url } = await api.gateway('main');
    const off = await api.call('DELETE', '/branches/main/safe-migrations');
    expect(off).toMatchObject({ status: 200, body: { name: 'main', safe_migrations: false } });
    await create('dev');
    const request = { branch: 'dev', into_branch: 'main' };
    expect((await api.call('POST', '/deploy-requests', request)).status).toBe(422);
    const on = await api.call('POST', '/branches/main/safe-migrations');
    expect(on).toMatchObject({ status: 200, body: { safe_migrations: true } });
    expect((await api.call('POST', '/branches/dev/safe-migrations')).status).toBe(422);
    expect((await fetch(url.replace(/\/\/.*@/, '//'))).status).toBe(401);
  });
});

describe('a stand-in of PlanetScale’s API with settings of its own', () => {
  it('lets a branch take its time', async () => {
    const api = await startTestPlanetscaleApi({ delays: { branchMs: 5_000 } });
    try {
      const made = await api.call('POST', '/branches', { name: 'slow', parent_branch: 'main' });
      expect(made.body).toMatchObject({ ready: false, schema_ready: false, state: 'pending' });
      expect((await api.call('POST', '/branches/slow/passwords', { name: 'p' })).status).toBe(422);
      await expect
        .poll(async () => (await api.call('GET', '/branches/slow')).body['ready'], { timeout: 20_000 })
        .toBe(true);
    } finally {
      await api.close();
    }
  });

  it('refuses what the token has no access for', async () => {
    const api = await startTestPlanetscaleApi({ accesses: ['read_branch', 'connect_branch'] });
    try {
      expect((await api.call('GET', '/branches')).status).toBe(200);
      for (const [method, path, body, access] of [
        ['POST', '/branches', { name: 'dev', parent_branch: 'main' }, 'create_branch'],
        ['DELETE', '/branches/main', undefined, 'delete_branch'],
        ['POST', '/branches/main/passwords', { name: 'p' }, 'connect_production_branch'],
        ['POST', '/branches/main/safe-migrations', undefined, 'write_database'],
        ['GET', '/deploy-requests', undefined, 'read_deploy_request'],
        ['POST', '/deploy-requests', { branch: 'dev', into_branch: 'main' }, 'create_deploy_request'],
        ['POST', '/deploy-requests/1/reviews', { state: 'approved' }, 'approve_deploy_request'],
        ['POST', '/deploy-requests/1/deploy', {}, 'create_deploy_request'],
      ] as const) {
        const refused = { status: 403, body: { code: 'forbidden', message: expect.stringMatching(`${access}$`) } };
        expect(await api.call(method, path, body), `${method} ${path}`).toMatchObject(refused);
      }
    } finally {
      await api.close();
    }
  });

  it('is alone on its database, and refuses names and servers that it cannot use', async () => {
    const api = await startTestPlanetscaleApi();
    const options = { organization: 'acme', database: 'app', tokenId: 'i', token: 't' };
    try {
      await expect(startPlanetscaleApi({ ...options, mysql: api.database.url })).rejects.toMatchObject({
        code: 'invalid_config',
        message: expect.stringContaining('Another stand-in'),
      });
    } finally {
      await api.close();
    }
    const refusal = (changes: object) =>
      startPlanetscaleApi({ ...options, mysql: api.database.url, ...changes }).then(
        () => 'started',
        (error) => error.code,
      );
    expect(await refusal({ organization: 'a/b' })).toBe('invalid_config');
    expect(await refusal({ mysql: 'postgres://x/y' })).toBe('invalid_config');
    expect(await refusal({ mysql: 'mysql://u:p@127.0.0.1:9/app' })).toBe('database_unavailable');
  });
});
