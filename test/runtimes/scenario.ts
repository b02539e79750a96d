import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitUntil } from '../harness/wait-until.js';
import { newWebhook, signedHeaders, TITLE, type Webhook } from './webhooks.js';
import { API_KEY, EVENT_ID, type Row, SERVICE_KEY, startWorld, type World } from './world.js';

/** A receiver that runs somewhere. */
export interface RunningReceiver {
  post(body: string, headers: Readonly<Record<string, string>>): Promise<Answered>;
  /** Does what the platform's cron would: resolves when what was due is done. */
  drain(): Promise<unknown>;
  end(): Promise<void>;
}

export interface Answered {
  readonly status: number;
  readonly body: unknown;
  readonly retryAfter: string | null;
}

export interface Runtime {
  readonly name: string;
  /** Whether the platform lets work go on after the answer. */
  readonly hasWaitUntil: boolean;
  start(env: Readonly<Record<string, string>>): Promise<RunningReceiver>;
}

/** Without waitUntil, the answer is held back for five seconds. */
const HELD_BACK_MS = 4_500;
const RECEIVED = { status: 200, body: { received: true }, retryAfter: null };

/** What the receiver does is the same in every runtime: a real insert through the real driver, and all that follows it. */
export function describeRuntime({ name, hasWaitUntil, start }: Runtime): void {
  describe(`the receiver in ${name}`, () => {
    let world: World;
    let receiver: RunningReceiver;

    beforeAll(async () => {
      world = await startWorld();
      receiver = await start(world.env);
    }, 300_000);
    afterAll(async () => {
      // A callback that still hangs is cut off first: a runtime that waits for it would end late.
      await world?.closeCallbacks();
      await receiver?.end();
      await world?.close();
    });

    const send = ({ body }: Webhook) => receiver.post(body, signedHeaders(body));

    /** The one row of a webhook, once its callback and event are in one of these states. */
    async function settledRow({ channelId }: Webhook, callback = 'done', event = 'done'): Promise<Row> {
      let rows: Row[] = [];
      await waitUntil(
        async () => {
          rows = await world.rowsOf(channelId);
          return rows.every((row) => row.callback_state === callback && row.event_state === event);
        },
        { message: () => `callback ${callback} and event ${event}: ${JSON.stringify(rows)}`, timeoutMs: 20_000 },
      );
      const [row] = rows;
      if (row === undefined || rows.length !== 1) throw new Error(`One row was expected: ${JSON.stringify(rows)}`);
      return row;
    }

    it('stores a signed webhook, calls back with its record and tells of the event', async () => {
      const webhook = newWebhook(world.callbackOrigin);
      expect(await send(webhook)).toEqual(RECEIVED);

      const row = await settledRow(webhook);
      expect(row).toMatchObject({
        title: TITLE,
        body: 'A thief who steals secrets.',
        category: 'movies',
        event_name: 'new_movie_suggestion',
        repeats: '0',
        callback_attempts: '1',
        event_id: EVENT_ID,
      });
      expect(JSON.parse(row.metadata)).toEqual({
        ...{ user_id: webhook.userId, category: 'movies', ai_model: 'gpt-5', ai_provider: 'openai' },
      });

      const [callback, ...more] = world.callbacksOf(webhook.channelId);
      expect(more).toEqual([]);
      expect(callback?.headers).toMatchObject({
        authorization: `Bearer ${API_KEY}`,
        'content-type': 'application/json',
      });
      expect(JSON.parse(String(callback?.body))).toEqual({
        data: {
          ...{ title: TITLE, description: 'A thief who steals secrets.', year: 2010 },
          ...{ id: row.id, saved_at: row.saved_at },
        },
        task_id: `planetscale_${row.id}`,
        metadata: { database: 'planetscale', table: 'ai_content', record_id: row.id },
      });

      const [event, ...others] = world.eventsOf(webhook.userId);
      expect(others).toEqual([]);
      expect(event?.headers).toMatchObject({ authorization: `Bearer ${SERVICE_KEY}` });
      expect(JSON.parse(String(event?.body))).toEqual({
        type: 'new_movie_suggestion',
        user_id: webhook.userId,
        payload: {
          ...{ title: TITLE, description: 'A thief who steals secrets.', year: 2010 },
          ...{ id: row.id, channel_id: webhook.channelId },
        },
      });
    });

    it('refuses a wrong signature and stores nothing', async () => {
      const webhook = newWebhook(world.callbackOrigin);
      const { body, channelId } = webhook;
      const signed = signedHeaders(body);
      const refused = { status: 401, body: { error: 'Invalid signature' }, retryAfter: null };
      expect(await receiver.post(body, signedHeaders(body, 'another secret'))).toEqual(refused);
      expect(await receiver.post(`${body} `, signed)).toEqual(refused);
      expect(await receiver.post(body, { 'content-type': 'application/json' })).toEqual(refused);
      expect(await world.rowsOf(channelId)).toEqual([]);
      expect(world.callbacksOf(channelId)).toEqual([]);
    });

    it('keeps one row of a webhook that comes again, and calls back once', async () => {
      const webhook = newWebhook(world.callbackOrigin);
      expect(await send(webhook)).toEqual(RECEIVED);
      const first = await settledRow(webhook);
      expect(await send(webhook)).toEqual(RECEIVED);
      expect(await settledRow(webhook)).toMatchObject({ id: first.id, saved_at: first.saved_at, repeats: '1' });
      expect(world.callbacksOf(webhook.channelId)).toHaveLength(1);
      expect(world.eventsOf(webhook.userId)).toHaveLength(1);
    });

    // Requests at once share the module's state: keys, settings. On Workers nothing of one request may be awaited in another.
    it('takes many at once, and the same one among them', async () => {
      const same = newWebhook(world.callbackOrigin);
      const others = Array.from({ length: 8 }, () => newWebhook(world.callbackOrigin));
      const answers = await Promise.all([...others, ...Array.from({ length: 8 }, () => same)].map(send));
      expect(answers).toEqual(answers.map(() => RECEIVED));
      for (const webhook of others) expect(await settledRow(webhook)).toMatchObject({ repeats: '0' });
      expect(await settledRow(same)).toMatchObject({ repeats: '7' });
      expect(world.callbacksOf(same.channelId)).toHaveLength(1);
    });

    it('follows no redirect of a callback', async () => {
      const webhook = newWebhook(world.callbackOrigin);
      const elsewhere = `${world.callbackOrigin}/elsewhere/${webhook.channelId}`;
      world.answerCallbacks(webhook.channelId, [{ status: 307, headers: { location: elsewhere } }]);
      expect(await send(webhook)).toEqual(RECEIVED);
      expect(await settledRow(webhook, 'failed')).toMatchObject({ callback_error: 'redirect_refused' });
      expect(world.requestsTo(`/elsewhere/${webhook.channelId}`)).toEqual([]);
    });

    it('finishes in its drain a callback that failed at first', async () => {
      const webhook = newWebhook(world.callbackOrigin);
      world.answerCallbacks(webhook.channelId, [{ status: 503 }, { status: 200 }]);
      expect(await send(webhook)).toEqual(RECEIVED);
      await waitUntil(async () => (await world.rowsOf(webhook.channelId))[0]?.callback_error === 'http_503', {
        message: 'the first callback fails',
      });
      await world.makeDue(webhook.channelId);
      await receiver.drain();
      expect(await settledRow(webhook)).toMatchObject({ callback_attempts: '2' });
      const [first, second] = world.callbacksOf(webhook.channelId);
      expect(second?.body.toString()).toBe(first?.body.toString());
    });

    it('answers 503 while the database is away, and stores the webhook when it comes again', async () => {
      const webhook = newWebhook(world.callbackOrigin);
      world.failNextInsert();
      expect(await send(webhook)).toEqual({
        status: 503,
        body: { code: 'database_unavailable', error: expect.any(String) },
        retryAfter: '5',
      });
      expect(await world.rowsOf(webhook.channelId)).toEqual([]);
      expect(await send(webhook)).toEqual(RECEIVED);
      expect(await settledRow(webhook)).toMatchObject({ repeats: '0' });
    });

    if (hasWaitUntil) {
      it('answers before the callback is in', async () => {
        // The least of three times: what holds the answer back does so every time, what else the machine has to do does not.
        let least = Number.POSITIVE_INFINITY;
        for (let time = 0; time < 3 && least >= HELD_BACK_MS; time += 1) {
          const webhook = newWebhook(world.callbackOrigin);
          world.answerCallbacks(webhook.channelId, ['hang']);
          const began = performance.now();
          expect(await send(webhook)).toEqual(RECEIVED);
          least = Math.min(least, performance.now() - began);
          await waitUntil(() => world.callbacksOf(webhook.channelId).length === 1, { message: 'the callback' });
        }
        expect(least).toBeLessThan(HELD_BACK_MS);
      });
    }
  });
}
