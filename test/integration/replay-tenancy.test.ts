import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import type { Queryable } from '../../src/db/database.js';
import { asService } from '../../src/db/roles.js';
import { asAnon, rows, sqlError } from '../conformance/spec-helpers.js';
import { asUserId, createUser, describeOnPostgres } from '../harness/databases.js';
import { createWebhook } from '../harness/delivering.js';
import { callRpc, SERVICE_KEY, serveApi } from './api-client.js';
import { JWT_SECRET, sign, userClaims } from './api-tokens.js';
import { createReplay, putDeliveries } from './replay-helpers.js';

const URL = 'http://127.0.0.1:9/never-called';
const SEEN = 'SELECT id FROM webhook_replays';

describeOnPostgres('whose a bulk replay is', (ctx) => {
  async function owned() {
    const webhook = await createWebhook(ctx.db(), URL);
    await putDeliveries(ctx.db(), webhook, ['failed', 'success']);
    const [id] = await createReplay(ctx.db(), webhook);
    return { webhook, id };
  }

  it('is seen by its owner and the service, and by nobody else', async () => {
    const [mine, theirs] = [await owned(), await owned()];
    const seen = (userId: string) => asUserId(ctx.db(), userId, (tx) => rows(tx, SEEN));
    expect(await seen(mine.webhook.userId)).toEqual([{ id: mine.id }]);
    expect(await seen(theirs.webhook.userId)).toEqual([{ id: theirs.id }]);
    expect(await seen(await createUser(ctx.db()))).toEqual([]);
    const all = await asService(ctx.db(), (tx) => rows(tx, SEEN));
    expect(all).toEqual(expect.arrayContaining([{ id: mine.id }, { id: theirs.id }]));
    for (const relation of ['webhook_replays', 'hookline.replays']) {
      const asked = (tx: Queryable) => tx.query(`SELECT FROM ${relation}`, []);
      expect(await sqlError(asAnon(ctx.db(), asked))).toMatchObject({ code: '42501' });
    }
  });

  it("keeps a caller's own function away from rows that are not theirs", async () => {
    await owned();
    const stranger = await createUser(ctx.db());
    const looked = asUserId(ctx.db(), stranger, async (tx) => {
      // It costs next to nothing, so that the planner would run it first, and tells what it saw by failing.
      await tx.query(`CREATE FUNCTION pg_temp.peek(uuid) RETURNS boolean LANGUAGE plpgsql COST 0.0000001 AS $$
        BEGIN RAISE EXCEPTION 'saw %', $1; END $$`);
      return tx.query('SELECT FROM webhook_replays WHERE pg_temp.peek(webhook_id)');
    });
    expect((await looked).rowCount).toBe(0);
  });

  it('is cancelled by its owner and the service; a stranger does not learn whether it is there, nor waits for who holds it', async () => {
    const { webhook, id } = await owned();
    const stranger = await createUser(ctx.db());
    const cancel = (tx: Queryable, replayId: string) =>
      rows(tx, 'SELECT state FROM cancel_webhook_replay($1::uuid)', [replayId]);
    const refused = async (replayId: string) =>
      sqlError(
        asUserId(ctx.db(), stranger, async (tx) => {
          await tx.query("SET LOCAL lock_timeout = '300ms'");
          return cancel(tx, replayId);
        }),
      );
    const unknown = await refused(randomUUID());
    expect(unknown).toMatchObject({ code: 'HK013' });
    expect(await refused(id)).toEqual(unknown);
    if (ctx.kind === 'postgres') {
      await ctx.db().transaction(async (holder) => {
        await holder.query('SELECT FROM hookline.replays FOR UPDATE');
        await holder.query('SELECT FROM webhooks FOR UPDATE');
        expect(await refused(id)).toEqual(unknown);
        const created = createReplay(ctx.db(), { id: webhook.id, userId: stranger });
        expect(await sqlError(created)).toMatchObject({ code: 'HK002' });
      });
    }
    expect(await asService(ctx.db(), (tx) => cancel(tx, id))).toEqual([{ state: 'cancelled' }]);
    expect(await asUserId(ctx.db(), webhook.userId, (tx) => cancel(tx, id))).toEqual([{ state: 'cancelled' }]);
  });

  it('belongs to the owner also when the service makes it', async () => {
    const webhook = await createWebhook(ctx.db(), URL);
    await asService(ctx.db(), (tx) =>
      rows(tx, "SELECT * FROM create_webhook_replay($1::uuid, '-infinity')", [webhook.id]),
    );
    const found = await asUserId(ctx.db(), webhook.userId, (tx) =>
      rows(tx, 'SELECT webhook_id, user_id FROM webhook_replays'),
    );
    expect(found).toEqual([{ webhook_id: webhook.id, user_id: webhook.userId }]);
  });

  it('is counted, created and cancelled over /rest/v1/rpc', async () => {
    const { app, url } = await serveApi(ctx.db(), { jwtSecret: JWT_SECRET });
    try {
      const webhook = await createWebhook(ctx.db(), URL);
      await putDeliveries(ctx.db(), webhook, ['failed', 'success', 'failed']);
      const bearer = await sign(userClaims(webhook.userId));
      const asOwner = (name: string, body: object) => callRpc(url, name, body, { bearer });
      const since = { p_webhook_id: webhook.id, p_since: '2020-01-01T00:00:00Z' };
      expect((await asOwner('count_webhook_replay', since)).json).toEqual([{ total: 2 }]);
      expect((await asOwner('count_webhook_replay', { ...since, p_status: 'all' })).json).toEqual([{ total: 3 }]);
      const created = await asOwner('create_webhook_replay', { ...since, p_rate_per_second: 5 });
      expect(created.json).toEqual([{ replay_id: expect.any(String), total: 2 }]);
      expect(await asOwner('create_webhook_replay', since)).toMatchObject({ json: { code: 'HK014' } });
      const [{ replay_id: id }] = created.json as [{ replay_id: string }];
      const cancelled = await callRpc(url, 'cancel_webhook_replay', { p_replay_id: id }, { bearer: SERVICE_KEY });
      expect(cancelled.json).toEqual([{ state: 'cancelled', created: 0, total: 2 }]);
      expect(await asOwner('cancel_webhook_replay', { p_replay_id: webhook.id })).toMatchObject({
        json: { code: 'HK013' },
      });
    } finally {
      await app.close();
    }
  });
});
