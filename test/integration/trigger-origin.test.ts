import { beforeAll, expect, it } from 'vitest';
import type { Queryable } from '../../src/db/database.js';
import { createHookline, type Hookline } from '../../src/in-process/index.js';
import { gatheredTrigger } from '../../src/trigger/gather.js';
import { describeOnPostgres } from '../harness/databases.js';
import { createWebhook } from '../harness/delivering.js';

const traceparent = (n: number) => `00-${String(n).padStart(32, 'a')}-${String(n).padStart(16, 'b')}-01`;
const SET = "SELECT set_config('hookline.request_id', $1, true), set_config('hookline.traceparent', $2, true)";

describeOnPostgres('where an event comes from', (ctx) => {
  let userId: string;
  let hookline: Hookline<Record<string, object>>;
  beforeAll(async () => {
    ({ userId } = await createWebhook(ctx.db(), 'https://example.com/hook'));
    hookline = createHookline({ pool: ctx.db() });
  });

  interface Stored {
    readonly request_id: string | null;
    readonly traceparent: string | null;
  }
  async function stored(eventId: string, tx: Queryable = ctx.db()): Promise<Stored | undefined> {
    const { rows } = await tx.query<Stored>('SELECT request_id, traceparent FROM hookline.events WHERE id = $1::uuid', [
      eventId,
    ]);
    return rows[0];
  }
  const NOWHERE = { request_id: null, traceparent: null };
  const HERE = { request_id: 'cron.7', traceparent: traceparent(7) };

  const DIGEST =
    "(SELECT coalesce(encode(sha256(convert_to(e.payload_schema::text, 'UTF8')), 'hex'), '') FROM webhook_events e WHERE e.event_type = 'video.generated')";
  /** The calls by which SQL triggers. */
  const WAYS = [
    "SELECT delivery_id::text AS id FROM trigger_webhook_event('video.generated', '{}', $1::uuid)",
    "SELECT event_id::text AS id FROM hookline.trigger_event('video.generated', '{}', $1::uuid)",
    `SELECT event_id::text AS id FROM hookline.trigger_events('{video.generated}', '{"{}"}', ARRAY[$1::uuid], '{NULL}', '{NULL}', ARRAY[${DIGEST}])`,
  ];
  const EVENT_OF =
    'SELECT coalesce((SELECT d.event_id FROM webhook_deliveries d WHERE d.id = $1::uuid), $1::uuid)::text AS id';

  /** Triggers in each of these ways in the transaction, and gives what stands of each. */
  async function byEachWay(tx: Queryable): Promise<(Stored | undefined)[]> {
    const found: (Stored | undefined)[] = [];
    for (const way of WAYS) {
      const { rows } = await tx.query<{ id: string }>(way, [userId]);
      const event = await tx.query<{ id: string }>(EVENT_OF, [rows[0]?.id ?? '']);
      found.push(await stored(event.rows[0]?.id ?? '', tx));
    }
    return found;
  }

  it('is what the settings of the transaction say, in each way that SQL has', async () => {
    const found = await ctx.db().transaction(async (tx) => {
      await tx.query(SET, [HERE.request_id, HERE.traceparent]);
      return byEachWay(tx);
    });
    expect(found).toEqual([HERE, HERE, HERE]);
    expect(await ctx.db().transaction(byEachWay)).toEqual([NOWHERE, NOWHERE, NOWHERE]);
  });

  it('is left out where a setting is not well formed: no event is lost for it', async () => {
    for (const [requestId, trace] of [
      ['', ''],
      ['a b', 'x'],
      ['a'.repeat(129), traceparent(1).toUpperCase()],
      ['{', `${traceparent(1)}-1`],
      ['é', `00-${'0'.repeat(32)}-${'1'.repeat(16)}-01`],
    ] as const) {
      const found = await ctx.db().transaction(async (tx) => {
        await tx.query(SET, [requestId, trace]);
        return byEachWay(tx);
      });
      expect(found).toEqual([NOWHERE, NOWHERE, NOWHERE]);
    }
  });

  it('is of each event of a statement its own, and of none of the next', async () => {
    const trigger = gatheredTrigger(ctx.db());
    const event = {
      type: 'video.generated',
      payload: {},
      json: '{}',
      userId,
      externalUserId: null,
      idempotencyKey: null,
    };
    const outcomes = await trigger([
      { ...event, requestId: 'null', traceparent: traceparent(1) },
      event,
      { ...event, type: 'no.such', requestId: 'r2' },
      { ...event, idempotencyKey: 'same', requestId: 'r3', traceparent: traceparent(3) },
      { ...event, idempotencyKey: 'same', requestId: 'r4', traceparent: traceparent(4) },
      { ...event, traceparent: traceparent(5) },
      { ...event, externalUserId: 'nobody yet', userId: null, requestId: 'r6', traceparent: traceparent(6) },
    ]);
    const ids = outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value.eventId : ''));
    expect(await Promise.all(ids.filter(Boolean).map((id) => stored(id)))).toEqual([
      { request_id: 'null', traceparent: traceparent(1) },
      NOWHERE,
      { request_id: 'r3', traceparent: traceparent(3) },
      { request_id: 'r3', traceparent: traceparent(3) },
      { request_id: null, traceparent: traceparent(5) },
    ]);
    const [next] = await trigger([event]);
    expect(await stored(next?.status === 'fulfilled' ? next.value.eventId : '')).toEqual(NOWHERE);
    // A key whose time is over: the event is made by hookline.trigger_event.
    await ctx
      .db()
      .query("UPDATE hookline.events SET created_at = now() - interval '2 days' WHERE idempotency_key = 'same'", []);
    const [anew] = await trigger([{ ...event, idempotencyKey: 'same', requestId: 'r9', traceparent: traceparent(9) }]);
    expect(await stored(anew?.status === 'fulfilled' ? anew.value.eventId : '')).toEqual({
      request_id: 'r9',
      traceparent: traceparent(9),
    });
  });

  it('is in an application what it says, or else what its transaction says, and that stays so', async () => {
    const event = { type: 'video.generated', payload: {}, userId };
    const found = await ctx.db().transaction(async (tx) => {
      await tx.query(SET, [HERE.request_id, HERE.traceparent]);
      const own = await hookline.trigger(tx, { ...event, requestId: 'own-1' });
      const other = await hookline.trigger(tx, event);
      const again = await hookline.trigger(tx, { ...event, idempotencyKey: 'again', requestId: 'own-2' });
      const repeated = await hookline.trigger(tx, { ...event, idempotencyKey: 'again', requestId: 'own-3' });
      expect(repeated).toMatchObject({ eventId: again.eventId, isDuplicate: true });
      const events = [own, other, again];
      return [...(await Promise.all(events.map(({ eventId }) => stored(eventId, tx)))), ...(await byEachWay(tx))];
    });
    expect(found).toEqual([
      { request_id: 'own-1', traceparent: null },
      HERE,
      { request_id: 'own-2', traceparent: null },
      ...[HERE, HERE, HERE],
    ]);
    for (const requestId of ['', 'a b', 'é', 'a'.repeat(129), 7 as unknown as string]) {
      await expect(hookline.trigger(undefined, { ...event, requestId })).rejects.toMatchObject({
        code: 'invalid_request',
      });
    }
  });
});
