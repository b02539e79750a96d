import { afterAll, beforeAll, expect, it } from 'vitest';
import { createServer } from '../../../src/api/server.js';
import { createUser, describeOnPostgres } from '../../../test/harness/databases.js';
import { silent } from '../../../test/harness/delivering.js';
import { startTcpProxy, type TcpProxy } from '../../../test/harness/tcp-proxy.js';
import { SERVICE_KEY } from '../../../test/integration/api-client.js';
import { JWT_SECRET, sign, userClaims } from '../../../test/integration/api-tokens.js';
import { type ClientOptions, createClient, ok } from '../src/index.js';

const NAMES = Array.from({ length: 7 }, (_, n) => `w${n}`);

describeOnPostgres('each, while', (ctx) => {
  let app: ReturnType<typeof createServer>;
  let proxy: TcpProxy;
  let userId: string;
  let token: string;
  const serve = async (port: number): Promise<string> => {
    const keys = { serviceKey: SERVICE_KEY, jwtSecret: JWT_SECRET };
    app = createServer({ ...keys, db: ctx.db(), log: silent, maxBodyBytes: 1e6 });
    return app.listen({ host: '127.0.0.1', port });
  };
  beforeAll(async () => {
    proxy = await startTcpProxy(await serve(0));
    userId = await createUser(ctx.db());
    token = await sign(userClaims(userId));
    for (const name of NAMES) {
      await client()
        .POST('/v1/webhooks', { body: { name, url: 'https://subscriber.example/' } })
        .then(ok);
    }
  });
  afterAll(async () => {
    await proxy.close();
    await app.close();
  });
  const client = (options: Partial<ClientOptions> = {}) =>
    createClient({ url: `http://127.0.0.1:${proxy.port}`, token, backoffMs: 20, ...options });

  /** Lists all, and does something when the first of each page has come. */
  async function listed(own: ReturnType<typeof client>, onPage: () => unknown): Promise<string[]> {
    const names: string[] = [];
    for await (const { name } of own.each('/v1/webhooks', { params: { query: { limit: 2 } } })) {
      names.push(name);
      if (names.length % 2 === 1) await onPage();
    }
    return names;
  }

  it('connections are cut between pages', async () => {
    expect(await listed(client(), () => proxy.cut())).toEqual(NAMES.toReversed());
  });

  it('answers are lost', async () => {
    let tries = 0;
    const own = client({
      timeoutMs: 5_000,
      async fetch(request, init) {
        tries += 1;
        const answer = fetch(request, init);
        // The second page's answer is on its way, and does not come.
        if (tries === 2) {
          proxy.deafen();
          setTimeout(() => proxy.cut(), 100);
        }
        return answer;
      },
    });
    expect(await listed(own, () => undefined)).toEqual(NAMES.toReversed());
    expect(tries).toBe(5);
  });

  it('nothing comes back any more and nobody is told', async () => {
    let tries = 0;
    const own = client({
      timeoutMs: 500,
      // Each of the kept connections is dead, and none says so.
      retries: 10,
      fetch(request, init) {
        tries += 1;
        if (tries === 3) void proxy.pass();
        return fetch(request, init);
      },
    });
    let isFirst = true;
    const swallow = () => {
      if (isFirst) proxy.swallow();
      isFirst = false;
    };
    expect(await listed(own, swallow)).toEqual(NAMES.toReversed());
    expect(tries).toBeGreaterThan(4);
  });

  it('the server is taken away and comes back', async () => {
    const { port } = app.server.address() as { port: number };
    let back: Promise<unknown> = Promise.resolve();
    const restart = async () => {
      app.server.closeAllConnections();
      await app.close();
      back = new Promise((resolve) => setTimeout(resolve, 50)).then(() => serve(port));
    };
    expect(await listed(client({ retries: 10, backoffMs: 200 }), restart)).toEqual(NAMES.toReversed());
    await back;
  });

  it('the token is revoked: it ends with the refusal, after what had come', async () => {
    const made = ok(await client().POST('/v1/api-keys', { body: { name: 'mine', access: 'read' } }));
    const names: string[] = [];
    const reading = async () => {
      const own = client({ token: made.key });
      for await (const { name } of own.each('/v1/webhooks', { params: { query: { limit: 2 } } })) {
        names.push(name);
        if (names.length < 2) continue;
        await client().DELETE('/v1/api-keys/{api_key_id}', { params: { path: { api_key_id: made.id } } });
        // A process takes a key for at most two seconds more.
        await new Promise((resolve) => setTimeout(resolve, 2_100));
      }
    };
    await expect(reading()).rejects.toMatchObject({ status: 401, code: 'token_revoked' });
    expect(names).toEqual(NAMES.toReversed().slice(0, 2));
  });
});
