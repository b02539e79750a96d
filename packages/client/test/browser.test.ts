import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page as BrowserPage } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createUser, openTestDatabase, type TestDatabase } from '../../../test/harness/databases.js';
import { startTestWorker } from '../../../test/harness/delivering.js';
import { type ReceiverServer, startReceiver } from '../../../test/harness/receiver-server.js';
import { BROWSER_TIMEOUT_MS, openBrowser } from '../../../test/harness/services/chromium.js';
import { startTcpProxy, type TcpProxy } from '../../../test/harness/tcp-proxy.js';
import { waitUntil } from '../../../test/harness/wait-until.js';
import { serveApi } from '../../../test/integration/api-client.js';
import { JWT_SECRET, sign, userClaims } from '../../../test/integration/api-tokens.js';
import type { Page } from './browser-program.js';
import { bundle } from './runtimes-bundle.js';
import { scenario } from './verify-cases.js';

const SCRIPT = "import { page } from './browser-program.ts'; globalThis.page = page;";

/** The page of an application, with the client in its script. */
async function servePage(script: string): Promise<Server> {
  const server = createServer((request, response) => {
    const isScript = request.url === '/page.js';
    response.writeHead(200, { 'content-type': isScript ? 'text/javascript' : 'text/html' });
    response.end(isScript ? script : '<!doctype html><title>An application</title><script src="/page.js"></script>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

describe('the client in Chromium, in a page of another origin', () => {
  let browser: Browser;
  let database: TestDatabase;
  let application: Server;
  let api: Awaited<ReturnType<typeof serveApi>>;
  let proxy: TcpProxy;
  let subscriber: ReceiverServer;
  let worker: Awaited<ReturnType<typeof startTestWorker>>;
  let origin: string;
  beforeAll(async () => {
    browser = await openBrowser();
    application = await servePage(await bundle(SCRIPT, 'iife'));
    origin = `http://127.0.0.1:${(application.address() as AddressInfo).port}`;
    database = await openTestDatabase('postgres');
    api = await serveApi(database.db, { jwtSecret: JWT_SECRET, corsOrigins: [origin], streams: { idleMs: 200 } });
    proxy = await startTcpProxy(api.url);
    subscriber = await startReceiver();
    worker = await startTestWorker(database.db);
  }, BROWSER_TIMEOUT_MS);
  afterAll(async () => {
    await browser.close();
    await worker.stop(1_000);
    await subscriber.close();
    await proxy.close();
    await api.app.close();
    await database.drop();
    application.close();
  });

  /** The page opened by a user; `call` runs one of its functions there. */
  async function open(at = origin) {
    const token = await sign(userClaims(await createUser(database.db)));
    const tab: BrowserPage = await browser.newPage();
    await tab.goto(at);
    const url = proxy.through(api.url);
    await tab.evaluate(`globalThis.opened = globalThis.page(${JSON.stringify(url)}, ${JSON.stringify(token)}); null`);
    const call = <Name extends keyof Page>(name: Name, ...args: Parameters<Page[Name]>) =>
      tab.evaluate(`globalThis.opened.${name}(...${JSON.stringify(args)})`) as ReturnType<Page[Name]>;
    return { tab, call };
  }

  it('makes webhooks, lists them, goes through the pages of a list, changes under If-Match, and deletes', async () => {
    const { tab, call } = await open();
    const made = [];
    for (const name of ['a', 'b', 'c']) made.push(await call('create', name, subscriber.url));
    const [{ id, etag }] = made as [(typeof made)[number]];
    expect(await call('list')).toEqual(['c', 'b', 'a']);
    expect(await call('each')).toEqual(['c', 'b', 'a']);
    expect(await call('rename', id, 'z', etag ?? '')).toEqual([200, undefined]);
    expect(await call('rename', id, 'y', etag ?? '')).toEqual([412, 'version_changed']);
    expect(await call('remove', id)).toBe(204);
    expect(await call('list')).toEqual(['c', 'b']);
    await tab.close();
  });

  it('follows a test event over a connection that is cut, and verifies what came', async () => {
    const { tab, call } = await open();
    const { id, secret = '' } = await call('create', 'followed', subscriber.url);
    await call('follow');
    const told = async (count: number) =>
      waitUntil(async () => (await call('told')).kinds.length >= count, {
        message: `${count} to be told`,
        timeoutMs: 20_000,
      });
    await call('test', id);
    await told(3);
    proxy.cut();
    await waitUntil(async () => (await call('told')).interruptions > 0, { message: 'the cut to be noticed' });
    await call('test', id);
    await told(5);
    const { kinds } = await call('told');
    expect(kinds).toEqual(['open', 'created', 'succeeded', 'created', 'succeeded']);
    await call('stop');

    const requests = subscriber.requests.slice(-2).map(({ headers, body }) => ({
      headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
      body: body.toString(),
    }));
    const [first] = requests;
    if (first === undefined) throw new Error('nothing came');
    const cases = [...requests, { ...first, body: '{}' }].map((one) => ({ ...one, keys: secret }));
    const genuine = { event: 'webhook.test', payload: expect.objectContaining({ test: true, webhook_id: id }) };
    expect(await call('verify', cases)).toEqual([genuine, genuine, 'invalid_signature']);
    await tab.close();
  });

  it('comes to the same verdicts in the browser’s Web Crypto as in every other runtime', async () => {
    const { tab, call } = await open();
    const cases = scenario();
    const given = cases.map(([one]) => one);
    expect(await call('verify', given)).toEqual(cases.map(([, verdict]) => verdict));
    await tab.close();
  });

  it('is kept out from an origin that the server does not allow', async () => {
    const { tab, call } = await open(origin.replace('127.0.0.1', 'localhost'));
    await expect(call('list')).rejects.toThrow('Failed to fetch');
    await tab.close();
  });
});
