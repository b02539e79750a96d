import { createHmac, randomUUID } from 'node:crypto';
import {
  createWebhookHandler,
  drain,
  type Emitter,
  type OnInsert,
  postgresStore,
  restEmitter,
  type Store,
  sqlEmitter,
  triggerInTransaction,
} from '@hookline/receiver';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { asService } from '../../src/db/roles.js';
import { databaseEmitter } from '../../src/receive/emit.js';
import { currentOrigin } from '../../src/trigger/origin.js';
import { createUser, type DatabaseContext, describeOnEachDatabase, describeOnPostgres } from '../harness/databases.js';
import { type ReceiverServer, startReceiver } from '../harness/receiver-server.js';
import { SERVICE_KEY, serveApi } from './api-client.js';

const SECRET = 'mr-secret';
const ROW = `SELECT id::text AS id, event_state, event_id::text AS event_id, event_error, event_attempts, event_lease, callback_state, idempotency_key::text AS idempotency_key
FROM ai_content ORDER BY ai_content.id`;
const EVENTS = `SELECT id::text AS id, event_type, user_id::text AS user_id, payload::text AS payload, idempotency_key
FROM hookline.events ORDER BY created_at`;
const DUE = `UPDATE ai_content SET event_next_at = now() - interval '1 s', event_lease_until = now() - interval '1 s'`;
const SCHEMA = { type: 'object', properties: { year: { type: 'integer' } } };

/** Each emitter of the receiver, beside a store that is not Hookline's own. */
const EMITTERS: Record<string, (ctx: DatabaseContext, api: string) => Emitter> = {
  'over REST': (_, api) => restEmitter({ url: api, serviceKey: SERVICE_KEY }),
  'by SQL': (ctx) => sqlEmitter({ query: (text, params) => asService(ctx.db(), (tx) => tx.query(text, params)) }),
  'of the server': (ctx) => databaseEmitter(ctx.db()),
};

function describeEmitter(ctx: DatabaseContext, name: string): void {
  describe(name, () => {
    let served: Awaited<ReturnType<typeof serveApi>>;
    let gateway: ReceiverServer;
    let emitter: Emitter;
    let store: Store;
    beforeAll(async () => {
      served = await serveApi(ctx.db());
      gateway = await startReceiver();
      emitter = EMITTERS[name]?.(ctx, served.url) as Emitter;
      store = postgresStore({ query: (text, params) => ctx.db().query(text, params) });
    });
    beforeEach(() =>
      ctx.db().query('DELETE FROM webhook_deliveries; DELETE FROM hookline.events; DELETE FROM ai_content'),
    );
    afterAll(async () => {
      await served.app.close();
      await gateway.close();
    });

    const options = (by: Emitter) => ({
      apiKey: 'mr-key',
      callbackOrigins: [new URL(gateway.url).origin],
      emitter: by,
    });
    interface By {
      readonly emitter?: Emitter;
      readonly store?: Store;
      readonly edit?: (body: string) => string;
    }
    const receive = async (changes: Record<string, unknown>, by: By = {}): Promise<Response> => {
      const event = {
        type: 'task.ai_generated',
        event: 'video.generated',
        channel_id: 'c1',
        ai_response: { data: { title: 'T', year: 2010 } },
        callback_url: gateway.url,
        ...changes,
      };
      const body = (by.edit ?? String)(JSON.stringify(event));
      const signature = createHmac('sha256', SECRET).update(body).digest('hex');
      const handler = createWebhookHandler({
        ...options(by.emitter ?? emitter),
        store: by.store ?? store,
        secret: SECRET,
      });
      return handler(
        new Request('http://localhost/', { method: 'POST', body, headers: { 'mr-signature': signature } }),
      );
    };
    const rows = async () => (await ctx.db().query(ROW)).rows;
    const events = async () => (await ctx.db().query<Record<string, string | null>>(EVENTS)).rows;
    const away: Emitter = { emit: () => Promise.reject(new TypeError('fetch failed')) };

    it('tells the user alone, with data, id and channel_id, and notes the event on the row', async () => {
      const user = await createUser(ctx.db());
      expect((await receive({ customer_data: { user_id: user, note: 'internal' } })).status).toBe(200);
      const [event, ...more] = await events();
      expect(more).toEqual([]);
      const [row] = await rows();
      expect(row).toMatchObject({ event_state: 'done', event_id: event?.['id'], event_error: null, event_lease: null });
      expect(event).toMatchObject({ event_type: 'video.generated', user_id: user });
      expect(event?.['idempotency_key']).toBe(`ai_content_${row?.['id']}_${row?.['idempotency_key']}`);
      expect(JSON.parse(event?.['payload'] ?? '')).toEqual({
        title: 'T',
        year: 2010,
        id: row?.['id'],
        channel_id: 'c1',
      });
    });

    if (name === 'of the server') {
      it('keeps whose request it was', async () => {
        const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
        const customer_data = { user_id: await createUser(ctx.db()) };
        await currentOrigin.run({ requestId: 'request-1', traceparent }, () => receive({ customer_data }));
        const { rows: made } = await ctx.db().query('SELECT request_id, traceparent FROM hookline.events');
        expect(made).toEqual([{ request_id: 'request-1', traceparent }]);
      });
    }

    it('keeps every digit of a number', async () => {
      const customer_data = { user_id: await createUser(ctx.db()) };
      const edit = (body: string) => body.replace('2010', '12345678901234567890.123');
      await receive({ customer_data }, { edit });
      expect((await events())[0]?.['payload']).toContain('12345678901234567890.123');
    });

    it('knows users by external id, too', async () => {
      await ctx.db().query("SELECT hookline.ensure_user('user_456')");
      await receive({ customer_data: { user_id: 'user_456' } });
      expect(await rows()).toMatchObject([{ event_state: 'done' }]);
    });

    it.each([
      [{}, 'video.generated', /^user_unknown$/],
      [{ user_id: '00000000-0000-4000-8000-000000000000' }, 'video.generated', /^(user_unknown|unknown_user)$/],
      [{ user_id: 'nobody' }, 'video.generated', /^(user_unknown|unknown_user)$/],
      [{ user_id: 'known' }, 'no.such', /^(event_type_not_registered|unknown_event_type)$/],
      [{ user_id: 'known' }, null, /^event_type_not_registered$/],
    ])('skips what nobody is to be told of: %j, %s', async (customer_data, event, error) => {
      await ctx.db().query("SELECT hookline.ensure_user('known')");
      await receive({ event, customer_data });
      expect(await rows()).toMatchObject([
        { event_state: 'skipped', event_error: expect.stringMatching(error), event_id: null, callback_state: 'done' },
      ]);
      expect(await events()).toEqual([]);
    });

    // PostgreSQL itself checks no schema without its extension, so SQL alone cannot (docs/postgresql.md).
    if (name !== 'by SQL') {
      it('stores what the schema of its event refuses and does not trigger it, with the reason on the row', async () => {
        const set = 'UPDATE webhook_events SET payload_schema = $1::text::jsonb WHERE event_type = $2';
        await ctx.db().query(set, [JSON.stringify(SCHEMA), 'video.generated']);
        try {
          const customer_data = { user_id: await createUser(ctx.db()) };
          await receive({ ai_response: { data: { year: 'MMX' } }, customer_data });
          expect(await rows()).toMatchObject([
            { event_state: 'failed', event_error: expect.stringMatching(/^invalid_payload: .*\/payload\/year/) },
          ]);
          expect(await events()).toEqual([]);
          await receive({ channel_id: 'c2', customer_data });
          expect((await rows())[1]).toMatchObject({ event_state: 'done' });
        } finally {
          await ctx.db().query(set, [null, 'video.generated']);
        }
      });
    }

    it('fails for good on a payload beyond 256 KiB', async () => {
      const customer_data = { user_id: await createUser(ctx.db()) };
      await receive({ ai_response: { data: { text: 'x'.repeat(262_144) } }, customer_data });
      expect(await rows()).toMatchObject([
        { event_state: 'failed', event_error: expect.stringMatching(/^(HK004|payload_too_large): /) },
      ]);
    });

    it('stays pending while Hookline is away, and is told by the drain, once', async () => {
      const customer_data = { user_id: await createUser(ctx.db()) };
      expect((await receive({ customer_data }, { emitter: away })).status).toBe(200);
      expect(await rows()).toMatchObject([
        {
          event_state: 'pending',
          event_error: 'network_error',
          event_attempts: 1,
          event_lease: null,
          callback_state: 'done',
        },
      ]);
      const waits = "SELECT event_next_at >= created_at + interval '1.6 s' AS waits FROM ai_content";
      expect((await ctx.db().query(waits)).rows).toEqual([{ waits: true }]);
      // However slow this machine is, that is not over.
      await ctx.db().query("UPDATE ai_content SET event_next_at = event_next_at + interval '1 minute'");
      expect((await drain(store, options(emitter))).events).toMatchObject({ done: 0 });
      await ctx.db().query(DUE);
      const drains = await Promise.all([drain(store, options(emitter)), drain(store, options(emitter))]);
      expect(drains.reduce((sum, { events: { done } }) => sum + done, 0)).toBe(1);
      expect(await rows()).toMatchObject([{ event_state: 'done', event_attempts: 2 }]);
      expect(await events()).toHaveLength(1);
    });

    it('is one event however often it is told: an answer that was lost gives the same id again', async () => {
      const customer_data = { user_id: await createUser(ctx.db()) };
      const deaf: Emitter = {
        async emit(event, signal) {
          await emitter.emit(event, signal);
          throw new TypeError('fetch failed');
        },
      };
      await receive({ customer_data }, { emitter: deaf });
      await ctx.db().query(DUE);
      await drain(store, options(emitter));
      const [event, ...more] = await events();
      expect(more).toEqual([]);
      expect(await rows()).toMatchObject([{ event_state: 'done', event_id: event?.['id'] }]);
    });

    it('is told by a repeat of the webhook when its first handler died', async () => {
      const customer_data = { user_id: await createUser(ctx.db()) };
      const dying: Store = { ...store, finish: () => Promise.reject(new Error('gone')) };
      await receive({ customer_data }, { emitter: away, store: dying });
      await receive({ customer_data });
      expect(await events()).toEqual([]);
      await ctx.db().query(DUE);
      await receive({ customer_data });
      expect(await rows()).toMatchObject([{ event_state: 'done' }]);
      expect(await events()).toHaveLength(1);
    });

    it('is given up when its window is over', async () => {
      await receive({ customer_data: { user_id: await createUser(ctx.db()) } }, { emitter: away });
      await ctx.db().query("UPDATE ai_content SET event_expires_at = now() - interval '1 s'");
      expect((await drain(store, options(emitter))).events).toMatchObject({ expired: 1, done: 0 });
      expect(await rows()).toMatchObject([{ event_state: 'expired', event_error: 'network_error' }]);
    });
  });
}

// A call over REST is a route and, behind it, the emitter of the server.
describeOnPostgres('events of another store, emitted', (ctx) => describeEmitter(ctx, 'over REST'));

describeOnEachDatabase('events of another store, emitted', (ctx) => {
  describeEmitter(ctx, 'by SQL');
  describeEmitter(ctx, 'of the server');
  describe("by triggerInTransaction, in Hookline's own database", () => describeInTransaction(ctx));
});

function describeInTransaction(ctx: DatabaseContext): void {
  beforeEach(() =>
    ctx.db().query('DELETE FROM webhook_deliveries; DELETE FROM hookline.events; DELETE FROM ai_content'),
  );
  const inTransaction = (onInsert: OnInsert): Store =>
    postgresStore({
      transaction: (work) => asService(ctx.db(), (tx) => work((text, params) => tx.query(text, params))),
      onInsert,
    });
  const receive = async (store: Store, userId: string, emitter?: Emitter): Promise<number> => {
    const body = JSON.stringify({
      type: 'task.ai_generated',
      event: 'video.generated',
      channel_id: randomUUID(),
      ai_response: { data: { n: 1 } },
      callback_url: 'https://elsewhere.example/',
      customer_data: { user_id: userId },
    });
    const signature = createHmac('sha256', SECRET).update(body).digest('hex');
    const handler = createWebhookHandler({ store, secret: SECRET, apiKey: 'mr-key', ...(emitter && { emitter }) });
    const request = new Request('http://localhost/', { method: 'POST', body, headers: { 'mr-signature': signature } });
    return (await handler(request)).status;
  };

  it('triggers the event with the row, and neither without the other', async () => {
    const user = await createUser(ctx.db());
    const fails: OnInsert = async (...given) => {
      await triggerInTransaction(...given);
      throw new Error('gone');
    };
    expect(await receive(inTransaction(fails), user)).toBe(503);
    expect([(await ctx.db().query(ROW)).rows, (await ctx.db().query(EVENTS)).rows]).toEqual([[], []]);

    expect(await receive(inTransaction(triggerInTransaction), user)).toBe(200);
    const [event, ...more] = (await ctx.db().query<{ id: string; user_id: string }>(EVENTS)).rows;
    expect(more).toEqual([]);
    expect(event?.user_id).toBe(user);
    expect((await ctx.db().query(ROW)).rows).toMatchObject([{ event_state: 'done', event_id: event?.id }]);
  });

  it('and an emitter beside it, by mistake, tell the customers once', async () => {
    expect(
      await receive(inTransaction(triggerInTransaction), await createUser(ctx.db()), databaseEmitter(ctx.db())),
    ).toBe(200);
    const [event, ...more] = (await ctx.db().query<{ id: string }>(EVENTS)).rows;
    expect(more).toEqual([]);
    expect((await ctx.db().query(ROW)).rows).toMatchObject([{ event_state: 'done', event_id: event?.id }]);
  });
}
