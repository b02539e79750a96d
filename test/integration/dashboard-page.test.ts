import { randomBytes, randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestDatabase } from '../harness/databases.js';
import { serveApi } from './api-client.js';
import { rawRequest } from './session-helpers.js';

const PAGE = '<!doctype html><meta nonce="HOOKLINE_CSP_NONCE"><style nonce="HOOKLINE_CSP_NONCE"></style><p id="page">';
const SCRIPT = `export const text = '${randomBytes(2_000).toString('hex')}';`;
const ID = randomUUID();
const PAGES = [
  ...['/', '/sign-in', '/webhooks', '/webhooks/new', `/webhooks/${ID}`, `/webhooks/${ID.toUpperCase()}/edit`],
  ...['/deliveries', `/deliveries/${ID}`, '/replays', '/try', '/inbox', '/inbox/9007199254740993', '/event-types'],
  ...['/event-types/video.generated', '/operator', '/operator/tenants', '/operator/workers', '/operator/webhooks'],
];

describe('the page of the dashboard', () => {
  let dir: string;
  let database: Awaited<ReturnType<typeof openTestDatabase>>;
  let served: Awaited<ReturnType<typeof serveApi>>;
  let unbuilt: Awaited<ReturnType<typeof serveApi>>;
  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'hookline-dashboard-'));
    const assets = join(dir, 'built', 'assets');
    mkdirSync(assets, { recursive: true });
    writeFileSync(join(dir, 'secret.txt'), 'not for anybody');
    writeFileSync(join(dir, 'built', 'index.html'), PAGE);
    writeFileSync(join(assets, 'main-AbCd_-12.js'), SCRIPT);
    writeFileSync(join(assets, 'main-AbCd_-12.js.br'), brotliCompressSync(SCRIPT));
    writeFileSync(join(assets, 'main-AbCd_-12.js.gz'), gzipSync(SCRIPT));
    writeFileSync(join(assets, 'icon.svg'), '<svg/>');
    writeFileSync(join(assets, '.hidden'), 'not for anybody');
    database = await openTestDatabase('postgres');
    served = await serveApi(database.db, {
      dashboardDir: join(dir, 'built'),
      mount: (app) => app.post('/webhooks/modelriver', async () => 'taken'),
    });
    unbuilt = await serveApi(database.db, { dashboardDir: join(dir, 'none') });
  });
  afterAll(async () => {
    await served.app.close();
    await unbuilt.app.close();
    await database.drop();
    rmSync(dir, { recursive: true });
  });
  const get = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
    rawRequest(served.url, path, { method, headers });

  it.each(PAGES)('is at %s, not kept, and guarded', async (path) => {
    const { status, headers, text } = await get(`${path}?a=1`);
    expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(text).toContain('<p id="page">');
    expect(Object.fromEntries(headers)).toMatchObject({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
    });
    const head = await get(path, {}, 'HEAD');
    expect([head.status, head.text, head.headers.get('content-length')]).toEqual([200, '', String(text.length)]);
  });

  it('has a nonce of its own in every answer, in the page and in the policy alike', async () => {
    const nonces = new Set<string>();
    for (let time = 0; time < 3; time += 1) {
      const { headers, text } = await get('/');
      const inPage = [...text.matchAll(/nonce="([^"]*)"/g)].map(([, nonce]) => nonce ?? '');
      const policy = headers.get('content-security-policy');
      expect(inPage).toEqual([inPage[0], inPage[0]]);
      expect(Buffer.from(inPage[0] ?? '', 'base64')).toHaveLength(16);
      expect(policy).toBe(
        `default-src 'none'; script-src 'self'; style-src 'self' 'nonce-${inPage[0]}'; img-src 'self' data:; font-src 'self'; ` +
          "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      );
      nonces.add(inPage[0] ?? '');
    }
    expect(nonces.size).toBe(3);
  });

  it.each([
    ['GET', '/webhooks/modelriver', 405, 'POST'],
    ['GET', '/webhooks/other', 404, null],
    ['GET', `/webhooks/${ID}/other`, 404, null],
    ['GET', '/inbox/one', 404, null],
    ['GET', '/operator/other', 404, null],
    ['GET', '/index.html', 404, null],
    ['GET', '/deliveries/', 404, null],
    ['POST', '/', 405, 'GET, HEAD'],
    ['DELETE', `/webhooks/${ID}`, 405, 'GET, HEAD'],
    ['POST', '/assets/icon.svg', 405, 'GET, HEAD'],
  ])('%s %s is none: %i', async (method, path, status, allow) => {
    const answer = await get(path, {}, method);
    expect([answer.status, answer.headers.get('allow')]).toEqual([status, allow]);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
  });

  it('is not shown under a name that is not ours', async () => {
    for (const path of ['/', `/webhooks/${ID}`]) {
      const { status, text } = await get(path, { host: 'evil.example' });
      expect([status, JSON.parse(text).code, text]).toEqual([
        421,
        'host_not_allowed',
        expect.not.stringContaining('<p'),
      ]);
    }
    expect((await get('/', { host: 'localhost:1' })).status).toBe(200);
  });

  it.each([
    ['br', 'br', brotliDecompressSync],
    ['gzip, deflate', 'gzip', gunzipSync],
    ['gzip;q=0.5, br', 'br', brotliDecompressSync],
    ['identity', null, (bytes: Buffer) => bytes],
  ])('assets go out compressed as Accept-Encoding has it: %s', async (accepted, encoding, decode) => {
    const { status, headers, bytes } = await get('/assets/main-AbCd_-12.js', { 'accept-encoding': accepted });
    expect([status, headers.get('content-encoding')]).toEqual([200, encoding]);
    expect(decode(bytes).toString()).toBe(SCRIPT);
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': expect.stringMatching(/^(text|application)\/javascript/),
      'cache-control': 'public, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
      vary: 'accept-encoding',
    });
  });

  it('assets whose name has no hash are asked for again', async () => {
    const { status, headers } = await get('/assets/icon.svg', { 'accept-encoding': 'br' });
    expect([status, headers.get('cache-control'), headers.get('content-type')]).toEqual([
      200,
      'no-cache',
      'image/svg+xml',
    ]);
    const again = await get('/assets/icon.svg', { 'if-none-match': headers.get('etag') ?? '' });
    expect([again.status, again.text]).toEqual([304, '']);
    expect((await get('/assets/icon.svg', {}, 'HEAD')).status).toBe(200);
  });

  it.each([
    '/assets/../index.html',
    '/assets/%2e%2e/index.html',
    '/assets/..%2findex.html',
    '/assets/..%2f..%2fsecret.txt',
    '/assets/%2e%2e/%2e%2e/secret.txt',
    '/assets/..\\..\\secret.txt',
    '/assets/..%5c..%5csecret.txt',
    '/assets//../../secret.txt',
    '/assets/%00',
    '/assets/.hidden',
    '/assets/main-AbCd_-12.js/',
    '/assets/main-AbCd_-12.js.br',
    '/assets/none.js',
    '/assets/',
    '/assets',
    '//assets/icon.svg',
  ])('%s is no asset', async (path) => {
    for (const accepted of ['br', 'identity']) {
      const { status, headers, text } = await get(path, { 'accept-encoding': accepted });
      expect([path, status >= 400 && status < 500]).toEqual([path, true]);
      expect(headers.get('content-type')).toContain('application/problem+json');
      expect(text).not.toContain('not for anybody');
      expect(text).not.toContain(dir);
    }
  });

  it('where it was not built, says so', async () => {
    for (const path of ['/', '/deliveries']) {
      const { status, text } = await rawRequest(unbuilt.url, path);
      expect([status, JSON.parse(text)]).toEqual([
        404,
        expect.objectContaining({ code: 'dashboard_not_built', hint: expect.stringContaining('npm run build') }),
      ]);
    }
    expect((await rawRequest(unbuilt.url, '/assets/icon.svg')).status).toBe(404);
    expect((await rawRequest(unbuilt.url, '/nowhere')).status).toBe(404);
  });
});
