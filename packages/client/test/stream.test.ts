import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createServer } from '../../../src/api/server.js';
import { describeOnPostgres } from '../../../test/harness/databases.js';
import { createWebhook, silent, startTestWorker, trigger } from '../../../test/harness/delivering.js';
import { startReceiver } from '../../../test/harness/receiver-server.js';
import { startTcpProxy, type TcpProxy } from '../../../test/harness/tcp-proxy.js';
import { waitUntil } from '../../../test/harness/wait-until.js';
import { SERVICE_KEY, serveApi } from '../../../test/integration/api-client.js';
import { JWT_SECRET, sign, userClaims } from '../../../test/integration/api-tokens.js';
import { olderTransactionsEnded } from '../../../test/integration/live-helpers.js';
import { type ClientOptions, createClient, ok } from '../src/index.js';
import { follow } from './following.js';

const URL_OF_NOBODY = 'http://127.0.0.1:9/never-called';
const SERVING = { jwtSecret: JWT_SECRET, streams: { checkMs: 200, slowMs: 5_000, idleMs: 200 } };

describeOnPostgres('streamDeliveries', (ctx) => {
  let server: Awaited<ReturnType<typeof serveApi>>;
  let proxy: TcpProxy;
  let userId: string;
  let token: string;
  beforeAll(async () => {
    server = await serveApi(ctx.db(), SERVING);
    proxy = await startTcpProxy(server.url);
    ({ userId } = await createWebhook(ctx.db(), URL_OF_NOBODY));
    await olderTransactionsEnded(ctx.db(), userId);
    token = await sign(userClaims(userId));
  });
  afterAll(async () => {
    await proxy.close();
    await server.app.close();
  });
  const client = (options: Partial<ClientOptions> = {}) =>
    createClient({ url: proxy.through(server.url), token, backoffMs: 50, ...options });

  it('tells what becomes of a delivery, as a list shows it', async () => {
    const subscriber = await startReceiver([{ status: 500 }, { status: 200 }]);
    const webhook = await createWebhook(ctx.db(), subscriber.url);
    await olderTransactionsEnded(ctx.db(), webhook.userId);
    const query = { webhook_id: webhook.id };
    const own = client({ token: await sign(userClaims(webhook.userId)) });
    const told = follow(own, { params: { query } });
    await told.waitFor('open');
    const worker = await startTestWorker(ctx.db());
    await trigger(ctx.db(), webhook.userId);
    const [succeeded] = await told.waitFor('succeeded');
    expect(told.items.map(({ kind }) => kind)).toEqual(['open', 'created', 'retrying', 'succeeded']);
    const list = ok(await own.GET('/v1/deliveries', { params: { query } }));
    expect(succeeded).toEqual({
      kind: 'succeeded',
      id: expect.stringMatching(/^\d+$/),
      changed_at: expect.stringMatching(/^\d{4}-.*Z$/),
      delivery: list.data[0],
    });
    await told.stop();
    await worker.stop(1_000);
    await subscriber.close();
  });

  it('goes on after a connection was cut, refused and cut again: all is told, once and in order', async () => {
    const told = follow(client());
    await told.waitFor('open');
    const made = await trigger(ctx.db(), userId);
    await told.waitFor('created', made.length);
    proxy.cut();
    made.push(...(await trigger(ctx.db(), userId)));
    await told.waitFor('created', made.length);
    await proxy.refuse();
    made.push(...(await trigger(ctx.db(), userId)));
    await waitUntil(() => told.interruptions.length >= 4, { message: 'some refusals' });
    await proxy.pass();
    await told.waitFor('created', made.length);
    for (let round = 0; round < 5; round += 1) {
      const triggered = trigger(ctx.db(), userId);
      proxy.cut();
      made.push(...(await triggered));
    }
    await told.waitFor('created', made.length);
    await sleep(200);
    expect(told.created().toSorted()).toEqual(made.toSorted());
    expect(told.items.map(({ kind }) => kind)).not.toContain('gap');
    expect(told.items.filter(({ kind }) => kind === 'open')).toHaveLength(1);
    const ids = told.items.map(({ id }) => Number(id));
    expect(ids).toEqual(ids.toSorted((a, b) => a - b));
    await told.stop();
  });

  it('takes a connection for dead on which not even a heart beats, and no other', async () => {
    const told = follow(client(), { silenceMs: 3_000 });
    await told.waitFor('open');
    await sleep(3_500);
    expect(told.interruptions).toEqual([]);
    proxy.swallow();
    const made = await trigger(ctx.db(), userId);
    await proxy.pass();
    await told.waitFor('created', made.length);
    expect(told.created()).toEqual(made);
    expect(String(told.interruptions[0])).toContain('Nothing came for 3000 ms');
    await told.stop();
  });

  it('goes on after the last heart-beat, past what it was not shown', async () => {
    const lastIds: (string | null)[] = [];
    const told = follow(
      client({
        fetch(request, init) {
          lastIds.push(request.headers.get('last-event-id'));
          return fetch(request, init);
        },
      }),
      { params: { query: { event_type: 'video.failed' } } },
    );
    await told.waitFor('open');
    await trigger(ctx.db(), userId);
    const { rows } = await ctx
      .db()
      .query<{ last: number }>('SELECT max(position)::float8 AS last FROM webhook_delivery_changes');
    // A heart-beat tells of a change when the server has looked for it, which may take a while: the connection is cut until one has come.
    const connectedAgain = async () => {
      await sleep(500);
      const before = lastIds.length;
      proxy.cut();
      await waitUntil(() => lastIds.length > before, { message: 'another connection' });
      return Number(lastIds.at(-1)) > Number(told.items[0]?.id);
    };
    await waitUntil(connectedAgain, { message: 'a heart-beat past what was not shown', timeoutMs: 15_000 });
    const [first, ...others] = lastIds;
    expect([first, ...others]).toEqual([null, ...others.map(() => expect.stringMatching(/^\d+$/))]);
    expect(Number(others.at(-1))).toBeGreaterThanOrEqual(rows[0]?.last ?? Number.NaN);
    expect(told.items.map(({ kind }) => kind)).toEqual(['open']);
    await told.stop();
  });

  it('goes on after an id that is given; a gap is told', async () => {
    const first = follow(client());
    const [open] = await first.waitFor('open');
    await first.stop();
    const made = await trigger(ctx.db(), userId);
    const after = (id = '') => ({ params: { header: { 'last-event-id': id } } });
    const second = follow(client(), after(open?.id));
    await second.waitFor('created', made.length);
    expect([second.created(), second.items[0]?.kind]).toEqual([made, 'open']);
    await second.stop();
    const gone = follow(client(), after('999999999999'));
    await gone.waitFor('open');
    expect(gone.items.map(({ kind }) => kind)).toEqual(['gap', 'open']);
    await gone.stop();
  });

  it('goes on when the server was restarted', async () => {
    const before = await serveApi(ctx.db(), SERVING);
    const told = follow(client({ url: before.url }));
    await told.waitFor('open');
    await before.app.close();
    const made = await trigger(ctx.db(), userId);
    await waitUntil(() => told.interruptions.length >= 2, { message: 'a refusal' });
    const after = createServer({ ...SERVING, db: ctx.db(), log: silent, serviceKey: SERVICE_KEY, maxBodyBytes: 1e6 });
    await after.listen({ host: '127.0.0.1', port: Number(new URL(before.url).port) });
    await told.waitFor('created', made.length);
    expect([told.created(), told.items.map(({ kind }) => kind)]).toEqual([
      made,
      ['open', ...made.map(() => 'created')],
    ]);
    expect(told.interruptions[0]).toMatchObject({ code: 'shutting_down', status: 503 });
    // Node's fetch opens a connection in the place of one that was aborted, and a server that closes waits four seconds for it.
    await after.close();
    await told.stop();
  });
});
