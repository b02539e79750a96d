import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import {
  type Answers,
  BAD_GATEWAY,
  branch,
  failure,
  json,
  MAIN,
  NOT_FOUND,
  page,
  refusal,
  type ScriptedApi,
  startScriptedApi,
  TOKEN,
  TOKEN_ID,
} from './schema-planetscale-helpers.js';

const NOT_THERE = refusal(404, 'not_found', 'Branch not found');
const WAITING = { timeoutMs: 10_000 };

let api: ScriptedApi;
afterEach(() => api.close());

async function start(routes: Readonly<Record<string, Answers>>, options = {}): Promise<ScriptedApi> {
  api = await startScriptedApi(routes, options);
  return api;
}

describe('Lists at PlanetScale', () => {
  it('are read to their last page, a branch that moved onto the next one once', async () => {
    const { provider, asked, server } = await start({
      'GET /branches': (request) =>
        request.url.includes('page=2') ? page([branch('b'), branch('c')]) : page([MAIN, branch('b')], 2),
    });
    expect((await provider.listBranches()).map(({ name }) => name)).toEqual(['main', 'b', 'c']);
    expect(asked()).toEqual(['GET /branches?page=1&per_page=100', 'GET /branches?page=2&per_page=100']);
    expect(server.requests[0]?.headers.authorization).toBe(`${TOKEN_ID}:${TOKEN}`);
    expect(server.requests[0]?.url).toMatch(/^\/v1\/organizations\/acme\/databases\/shop%20db\/branches/);
  });

  it('that go round in a circle end in an error', async () => {
    const { provider, asked } = await start({ 'GET /branches': page([MAIN], 1) });
    expect(await failure(provider.listBranches())).toMatchObject({
      code: 'planetscale_refused',
      message: expect.stringContaining('does not end'),
    });
    expect(asked()).toHaveLength(1);
  });

  it('that never end do so after 100 pages', async () => {
    const { provider, asked } = await start({
      'GET /branches': (request) => page([], Number(/page=(\d+)/.exec(request.url)?.[1]) + 1),
    });
    expect(await failure(provider.listBranches())).toMatchObject({ code: 'planetscale_refused' });
    expect(asked()).toHaveLength(100);
  });

  it('tell a branch in Hookline’s terms', async () => {
    const { provider } = await start({ 'GET /branches': page([branch('b', { safe_migrations: null })]) });
    expect(await provider.listBranches()).toEqual([
      {
        name: 'b',
        parentBranch: 'main',
        production: false,
        ready: true,
        safeMigrations: false,
        createdAt: '2026-11-01T10:00:00.000Z',
        url: 'https://app.planetscale.com/acme/shop/b',
      },
    ]);
  });
});

describe('The rate limit of PlanetScale', () => {
  it('is waited for as Retry-After says, also before a POST', async () => {
    const { provider, asked } = await start({
      'GET /branches/x': [NOT_THERE],
      'GET /branches': page([]),
      'POST /branches': [refusal(429, 'rate_limited', 'Slow down', { 'retry-after': '1' }), json(branch('x'), 201)],
    });
    const began = performance.now();
    expect(await provider.createBranch({ name: 'x', from: 'main' }, WAITING)).toMatchObject({ name: 'x' });
    expect(performance.now() - began).toBeGreaterThan(950);
    expect(asked().filter((request) => request === 'POST /branches')).toHaveLength(2);
  });

  it('is waited for until a date, or with growing pauses without any', async () => {
    const { provider } = await start({
      'GET /branches': [
        refusal(429, 'rate_limited', 'Slow down', { 'retry-after': new Date(Date.now() + 1_500).toUTCString() }),
        refusal(429, 'rate_limited', 'Slow down'),
        refusal(429, 'rate_limited', 'Slow down'),
        page([MAIN]),
      ],
    });
    expect(await provider.listBranches()).toHaveLength(1);
  });

  it('is told when it lasts too long', async () => {
    const { provider, asked } = await start({
      'GET /branches': refusal(429, 'rate_limited', 'Slow down', { 'retry-after': '120' }),
    });
    expect(await failure(provider.listBranches())).toMatchObject({
      code: 'planetscale_unavailable',
      message: expect.stringContaining('rate limit'),
      hint: expect.stringContaining('in 120 s'),
    });
    expect(asked()).toHaveLength(1);
  });

  it('is told when it does not end', async () => {
    const { provider, asked } = await start(
      { 'GET /branches': refusal(429, 'rate_limited', 'Slow down') },
      { pollMs: 1 },
    );
    expect(await failure(provider.listBranches())).toMatchObject({ code: 'planetscale_unavailable' });
    expect(asked()).toHaveLength(10);
  });
});

describe('Trouble on the way to PlanetScale', () => {
  it.each([
    ['a page of HTML', BAD_GATEWAY],
    ['a broken connection', 'destroy'],
    ['an answer that hangs', 'hang'],
    ['an answer that never ends', { status: 200, body: '{"data":[', neverEnd: true }],
  ] as const)('is tried again after %s', async (_name, trouble) => {
    const { provider, asked } = await start(
      { 'GET /branches': [trouble, trouble, page([MAIN])] },
      { requestTimeoutMs: 1_000 },
    );
    expect(await provider.listBranches()).toHaveLength(1);
    expect(asked()).toHaveLength(3);
  });

  it('is told in the end, with the request and what was said', async () => {
    const { provider, asked } = await start({ 'GET /branches': BAD_GATEWAY });
    expect(await failure(provider.listBranches())).toMatchObject({
      code: 'planetscale_unavailable',
      message: 'PlanetScale answered GET /branches?page=1&per_page=100 with 502 and no reason',
    });
    expect(asked()).toHaveLength(4);
  });

  it('is told of a request without an answer', async () => {
    const { provider } = await start({ 'GET /branches': 'hang' }, { requestTimeoutMs: 50 });
    expect(await failure(provider.listBranches())).toMatchObject({
      code: 'planetscale_unavailable',
      message: expect.stringContaining('no answer within 0.05 s'),
    });
  });

  it('is told of a server that is not there', async () => {
    const { provider, server } = await start({});
    await server.close();
    expect(await failure(provider.listBranches())).toMatchObject({
      code: 'planetscale_unavailable',
      message: expect.stringContaining('ECONNREFUSED'),
      hint: expect.stringContaining(new URL(server.url).origin),
    });
  });

  it('lets a DELETE be sent again, and what is gone by then is deleted', async () => {
    const { provider, asked } = await start({
      'GET /branches/x': json(branch('x')),
      'GET /deploy-requests': page([]),
      'DELETE /branches/x': ['destroy', NOT_THERE],
    });
    await provider.deleteBranch('x');
    expect(asked().filter((request) => request === 'DELETE /branches/x')).toHaveLength(2);
  });
});

describe('A POST whose answer is lost', () => {
  const lost: readonly (readonly [string, Answers])[] = [
    ['a broken connection', 'destroy'],
    ['a page of HTML', BAD_GATEWAY],
    ['an answer that is no JSON', { status: 201, body: '<html>' }],
  ];

  it.each(lost)('is not sent again when it happened: %s', async (_name, trouble) => {
    const { provider, asked } = await start({
      'GET /branches/x': [NOT_THERE, json(branch('x', { ready: false })), json(branch('x'))],
      'GET /branches': page([MAIN]),
      'POST /branches': trouble,
    });
    expect(await provider.createBranch({ name: 'x', from: 'main' }, WAITING)).toMatchObject({ name: 'x', ready: true });
    expect(asked().filter((request) => request === 'POST /branches')).toHaveLength(1);
  });

  it('is sent again when it did not happen', async () => {
    const { provider, asked } = await start({
      'GET /branches/x': NOT_THERE,
      'GET /branches': page([MAIN]),
      'POST /branches': ['destroy', json(branch('x'), 201)],
    });
    expect(await provider.createBranch({ name: 'x', from: 'main' }, WAITING)).toMatchObject({ ready: true });
    expect(asked().filter((request) => request === 'POST /branches')).toHaveLength(2);
  });

  it('and comes in late is found behind the refusal of the second one', async () => {
    const { provider } = await start({
      'GET /branches/x': [NOT_THERE, NOT_THERE, json(branch('x'))],
      'GET /branches': page([MAIN]),
      'POST /branches': ['destroy', refusal(422, 'unprocessable', 'Name has already been taken')],
    });
    expect(await provider.createBranch({ name: 'x', from: 'main' }, WAITING)).toMatchObject({ ready: true });
  });

  it('takes no branch of another parent for its own', async () => {
    const { provider } = await start({
      'GET /branches/x': [NOT_THERE, json(branch('x', { parent_branch: 'other' }))],
      'GET /branches': page([MAIN]),
      'POST /branches': ['destroy', refusal(422, 'unprocessable', 'Name has already been taken')],
    });
    const creating = provider.createBranch({ name: 'x', from: 'main' }, WAITING);
    expect(await failure(creating)).toMatchObject({ code: 'branch_exists' });
  });

  it('is given up after three times', async () => {
    const { provider, asked } = await start({
      'GET /branches/x': NOT_THERE,
      'GET /branches': page([MAIN]),
      'POST /branches': 'destroy',
    });
    const creating = provider.createBranch({ name: 'x', from: 'main' }, WAITING);
    expect(await failure(creating)).toMatchObject({ code: 'planetscale_unavailable' });
    expect(asked().filter((request) => request === 'POST /branches')).toHaveLength(3);
  });
});

describe('An answer of another shape', () => {
  it.each([
    ['a field is missing', page([{ ...MAIN, ready: undefined }]), 'data/0 must have required properties ready'],
    ['a field is of another type', page([{ ...MAIN, ready: 'yes' }]), 'data/0/ready must be boolean'],
    ['it is no list', json([MAIN]), 'the body must be object'],
    ['it is no JSON', { status: 200, body: '<html>' }, 'it is not JSON'],
    ['it is empty', { status: 200 }, 'the body must be object'],
  ] as const)('is refused: %s', async (_name, answer, words) => {
    const { provider } = await start({ 'GET /branches': answer });
    expect(await failure(provider.listBranches())).toMatchObject({
      code: 'planetscale_refused',
      message: `PlanetScale answered GET /branches?page=1&per_page=100 unexpectedly: ${words}`,
    });
  });

  it('is cut at its size', async () => {
    const { provider } = await start({ 'GET /branches': { status: 200, body: ' '.repeat(17 * 1024 * 1024) } });
    expect(await failure(provider.listBranches())).toMatchObject({
      code: 'planetscale_refused',
      message: expect.stringContaining('more than 16 MiB'),
    });
  });

  it('is no redirect to elsewhere, where the token would go', async () => {
    const { provider, asked } = await start({
      'GET /branches': { status: 302, headers: { location: '/elsewhere' } },
    });
    expect(await failure(provider.listBranches())).toMatchObject({
      code: 'planetscale_refused',
      hint: expect.stringContaining('HOOKLINE_PLANETSCALE_API'),
    });
    expect(asked()).toHaveLength(1);
  });
});

describe('A refusal of PlanetScale', () => {
  it.each([
    [401, 'unauthorized', 'GET /branches', 'read_branch'],
    [403, 'forbidden', 'GET /branches', 'read_branch'],
  ] as const)('%i names the access that a list needs', async (status, code, route, access) => {
    const { provider } = await start({ [route]: refusal(status, code, `Not with ${TOKEN}`) });
    expect(await failure(provider.listBranches())).toMatchObject({
      code: 'planetscale_refused',
      message: `PlanetScale answered GET /branches?page=1&per_page=100 with ${status}: ${code}: Not with [token]`,
      hint: expect.stringContaining(access),
    });
  });

  it('tells no token that is written with escapes', async () => {
    const escaped = TOKEN.replace('s', String.raw`\u0073`);
    const { provider } = await start({ 'GET /branches': { status: 403, body: `{"message":"Not with ${escaped}"}` } });
    expect((await failure(provider.listBranches())).message).toMatch(/with 403: Not with \[token\]$/);
  });

  it('names the access that each order needs', async () => {
    const forbidden = refusal(403, 'forbidden', 'Not allowed');
    const { provider } = await start({
      'GET /branches/x': json(branch('x')),
      'GET /branches/y': NOT_THERE,
      'GET /branches/main': json(MAIN),
      'GET /branches': page([]),
      'GET /deploy-requests': page([]),
      'POST /branches': forbidden,
      'DELETE /branches/x': forbidden,
      'POST /branches/x/passwords': forbidden,
      'POST /branches/main/passwords': forbidden,
      'POST /deploy-requests': forbidden,
      'GET /deploy-requests/1': forbidden,
      'GET /deploy-requests/1/reviews': page([]),
      'POST /deploy-requests/1/reviews': forbidden,
    });
    const request = { branch: 'x', intoBranch: 'main', notes: '', autoDeleteBranch: false };
    const needs: readonly (readonly [string, () => Promise<unknown>])[] = [
      ['create_branch', () => provider.createBranch({ name: 'y', from: 'main' }, WAITING)],
      ['delete_branch ', () => provider.deleteBranch('x')],
      ['connect_branch', () => provider.connect('x', 'readwriter')],
      ['connect_production_branch', () => provider.connect('main', 'reader')],
      ['create_deploy_request', () => provider.deployRequests.create(request, WAITING)],
      ['read_deploy_request', () => provider.deployRequests.get(1)],
      ['approve_deploy_request', () => provider.deployRequests.review(1, { state: 'approved', body: '' })],
    ];
    for (const [access, call] of needs) {
      const error = await failure(call());
      expect(error).toMatchObject({ code: 'planetscale_refused', hint: expect.stringContaining(access) });
      expect(error.message).toContain('Not allowed');
    }
  });

  it('404 is a branch, a deploy request, or the whole database', async () => {
    const { provider } = await start({ 'GET /branches': page([MAIN]) });
    expect(await failure(provider.schemaOf('x'))).toMatchObject({ code: 'branch_not_found' });
    expect(await failure(provider.lintOf('x'))).toMatchObject({ code: 'branch_not_found' });
    expect(await failure(provider.deleteBranch('x'))).toMatchObject({ code: 'branch_not_found' });
    expect(await failure(provider.connect('x', 'reader'))).toMatchObject({ code: 'branch_not_found' });
    expect(await failure(provider.deployRequests.get(7))).toMatchObject({ code: 'deploy_request_not_found' });
    expect(await failure(provider.deployRequests.reviews(7))).toMatchObject({ code: 'deploy_request_not_found' });
    api.server.answerWith([NOT_FOUND]);
    const { deployRequests } = provider;
    for (const call of [() => provider.listBranches(), () => provider.schemaOf('x'), () => deployRequests.get(7)]) {
      expect(await failure(call())).toMatchObject({
        code: 'planetscale_refused',
        hint: expect.stringContaining('PLANETSCALE_ORG and PLANETSCALE_DATABASE'),
      });
    }
  });

  it('never goes to another path by a branch’s name', async () => {
    const { provider, asked } = await start({ 'GET /branches': page([MAIN]) });
    expect(await failure(provider.schemaOf('..'))).toMatchObject({ code: 'branch_not_found' });
    expect(await failure(provider.schemaOf('half \ud800'))).toMatchObject({ code: 'branch_not_found' });
    expect(asked()).toEqual([]);
    await failure(provider.schemaOf('../a?b#c/%2e'));
    expect(asked()[0]).toBe('GET /branches/..%2Fa%3Fb%23c%2F%252e/schema?page=1&per_page=100');
  });
});

describe('Waiting for PlanetScale', () => {
  const making: Readonly<Record<string, Answers>> = {
    'GET /branches/x': [NOT_THERE, json(branch('x', { ready: false }))],
    'GET /branches': page([MAIN]),
    'POST /branches': json(branch('x', { ready: false }), 201),
  };

  it('ends with the time that was given, and says that it goes on there', async () => {
    const { provider } = await start(making);
    const told: string[] = [];
    const error = await failure(
      provider.createBranch({ name: 'x', from: 'main' }, { timeoutMs: 2_000, onProgress: (text) => told.push(text) }),
    );
    expect(error).toMatchObject({
      code: 'schema_timeout',
      message: 'Waited 2 s for branch x to be ready.',
      hint: expect.stringContaining('It goes on at PlanetScale'),
    });
    expect(told).toContain('branch x is not ready yet');
  });

  it.each([
    ['between two looks', making, 60_000],
    ['within a request', { ...making, 'GET /branches/x': [NOT_THERE, 'hang'] } as const, 5],
    ['while the rate limit lasts', { 'GET /branches/x': refusal(429, 'x', 'x', { 'retry-after': '50' }) }, 5],
  ] as const)('is broken off at once by the signal %s', async (_name, routes, pollMs) => {
    const { provider, server } = await start(routes, { pollMs, requestTimeoutMs: 60_000 });
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const stop = new AbortController();
    const making = provider.createBranch({ name: 'x', from: 'main' }, { timeoutMs: 60_000, signal: stop.signal });
    const stopped = making.catch((error: unknown) => error);
    await server.waitFor(1);
    await sleep(100);
    const waiting = timers();
    stop.abort(new Error('stopped by the operator'));
    expect(await stopped).toMatchObject({ message: 'stopped by the operator' });
    // That of the whole wait, and that of the pause or the request.
    expect(timers()).toBeLessThanOrEqual(waiting - 2);
  });
});
