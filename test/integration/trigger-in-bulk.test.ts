import { randomUUID } from 'node:crypto';
import { beforeAll, expect, it } from 'vitest';
import type { Database, Statement } from '../../src/db/database.js';
import { asService } from '../../src/db/roles.js';
import { toHooklineError } from '../../src/db/sql-errors.js';
import type { NewEvent, Triggered } from '../../src/trigger/event.js';
import { gatheredTrigger as gatheredTriggers } from '../../src/trigger/gather.js';
import { createUser, describeOnEachDatabase } from '../harness/databases.js';
import { createWebhook } from '../harness/delivering.js';

/** Triggers one event, as a request of one does. */
function gatheredTrigger(db: Database): (event: NewEvent) => Promise<Triggered> {
  const trigger = gatheredTriggers(db);
  return async (event) => {
    const [outcome] = await trigger([event]);
    if (outcome?.status !== 'fulfilled') throw outcome?.reason;
    return outcome.value;
  };
}

describeOnEachDatabase('events that come together', (ctx) => {
  let userId: string;
  beforeAll(async () => {
    ({ userId } = await createWebhook(ctx.db(), 'https://example.com/hook'));
    const columns = { external_user_id: 'ours', user_id: userId };
    await ctx
      .db()
      .query('INSERT INTO hookline.users (external_user_id, user_id) VALUES ($1, $2::uuid)', [
        columns.external_user_id,
        columns.user_id,
      ]);
  });

  function event(changes: Partial<NewEvent> = {}): NewEvent {
    const json = changes.json ?? '{"n":1}';
    return {
      ...{ type: 'video.generated', json, payload: {}, userId, externalUserId: null, idempotencyKey: null },
      ...changes,
    };
  }

  it('go in one statement after the first, and each is made once', async () => {
    const { db, statements } = counted(ctx.db());
    const trigger = gatheredTrigger(db);
    // The first ever learns the type's schema.
    await trigger(event());
    const before = statements();
    const first = trigger(event());
    await new Promise(setImmediate);
    const all = await Promise.all([first, ...Array.from({ length: 40 }, () => trigger(event()))]);
    expect(statements() - before).toBe(2);
    expect(new Set(all.map(({ eventId }) => eventId)).size).toBe(41);
    const { rows } = await ctx
      .db()
      .query<{ count: number }>(
        'SELECT count(*)::int AS count FROM webhook_deliveries d JOIN hookline.events e ON e.id = d.event_id WHERE e.matched = 1 AND e.id = ANY ($1::uuid[])',
        [all.map(({ eventId }) => eventId)],
      );
    expect(rows[0]?.count).toBe(41);
    for (const { deliveries, matched } of all) {
      expect(matched).toBe(1);
      expect(JSON.parse(deliveries)).toEqual([
        { id: expect.any(String), webhook_id: expect.any(String), url: 'https://example.com/hook' },
      ]);
    }
  });

  it('get each the answer that it would have got alone, whatever is wrong with the others', async () => {
    const used = randomUUID();
    await gatheredTrigger(ctx.db())(event({ idempotencyKey: used }));
    const given = [
      event(),
      event({ type: 'no.such' }),
      event({ userId: randomUUID() }),
      event({ userId: null, externalUserId: 'nobody' }),
      event({ userId: null, externalUserId: 'ours' }),
      event({ json: '{"a":"\\u0000"}' }),
      event({ json: '{"a":"\\ud800"}' }),
      event({ json: '{"a":1e999999}' }),
      event({ json: '{"a":1e131000,"b":1e131000,"c":1e131000}' }),
      // Within the limit as it came, beyond it as jsonb writes it.
      event({ json: `{"a":[${'1,'.repeat(90_000)}1]}` }),
      event({ idempotencyKey: used }),
      event({ idempotencyKey: used, json: '{"n":2}' }),
      event({ idempotencyKey: 'x'.repeat(256) }),
      event({ type: 'a\0' }),
      event({ userId: null }),
    ];
    const { db, statements } = counted(ctx.db());
    const lone = gatheredTrigger(ctx.db());
    const alone: unknown[] = [];
    for (const one of given) alone.push(await answerOf(lone(one)));
    const trigger = gatheredTrigger(db);
    await trigger(event());
    const before = statements();
    expect(await Promise.all(given.map((one) => answerOf(trigger(one))))).toEqual(alone);
    // A NUL in the type is not even a statement: all are repeated one by one.
    expect(statements() - before).toBe(1 + given.length);
    const withoutNul = given.filter(({ type }) => !type.includes('\0'));
    const again = await Promise.all(withoutNul.map((one) => answerOf(trigger(one))));
    expect(again).toEqual(alone.filter((_, at) => given[at]?.type !== 'a\0'));
    expect(statements() - before).toBe(2 + given.length);
    expect(alone.map((answer) => (answer as { code?: string }).code ?? 'triggered')).toEqual([
      ...['triggered', 'unknown_event_type', 'unknown_user', 'unknown_user', 'triggered', 'not_storable'],
      ...['not_storable', 'invalid_payload', 'payload_too_large', 'triggered', 'triggered', 'idempotency_conflict'],
      ...['invalid_parameter', 'not_storable', 'triggered'],
    ]);
  });

  it('are made, but for the one that an operator’s own trigger refuses', async () => {
    await ctx.db().query(`
      CREATE FUNCTION public.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'not this one'; END $$;
      CREATE TRIGGER refuse BEFORE INSERT ON webhook_deliveries FOR EACH ROW WHEN (NEW.request_payload ? 'refused') EXECUTE FUNCTION public.refuse()`);
    const trigger = gatheredTrigger(ctx.db());
    await trigger(event());
    const all = [event(), event({ json: '{"refused":1}' }), event()].map((one) => answerOf(trigger(one)));
    expect(await Promise.all(all)).toMatchObject([{ matched: 1 }, { code: 'internal_error' }, { matched: 1 }]);
    await ctx.db().query('DROP FUNCTION public.refuse() CASCADE');
  });

  it('with one key are one event, and another event under it is a conflict', async () => {
    const trigger = gatheredTrigger(ctx.db());
    const idempotencyKey = randomUUID();
    const same = Array.from({ length: 5 }, () => event({ idempotencyKey }));
    const answers = await Promise.all(same.map(trigger));
    expect(new Set(answers.map(({ eventId }) => eventId)).size).toBe(1);
    expect(new Set(answers.map(({ deliveries }) => JSON.stringify(JSON.parse(deliveries)))).size).toBe(1);
    expect(answers.map(({ isDuplicate }) => isDuplicate).sort()).toEqual([false, true, true, true, true]);
    const other = randomUUID();
    const [first, second] = await Promise.all(
      ['{"n":1}', '{"n":2}'].map((json) => answerOf(trigger(event({ idempotencyKey: other, json })))),
    );
    expect(first).toMatchObject({ isDuplicate: false });
    expect(second).toMatchObject({ code: 'idempotency_conflict' });
  });

  it('may come by several servers in any order: one event a key, and nobody is refused', async () => {
    const keys = Array.from({ length: 150 }, () => randomUUID());
    const [one, other] = [gatheredTrigger(ctx.db()), gatheredTrigger(ctx.db())];
    const answers = await Promise.all([
      ...keys.map((idempotencyKey) => one(event({ idempotencyKey }))),
      ...keys.toReversed().map((idempotencyKey) => other(event({ idempotencyKey }))),
    ]);
    expect(answers.filter(({ isDuplicate }) => !isDuplicate)).toHaveLength(keys.length);
    expect(new Set(answers.map(({ eventId }) => eventId)).size).toBe(keys.length);
  });

  it('take again a key that is free again', async () => {
    const trigger = gatheredTrigger(ctx.db());
    const idempotencyKey = randomUUID();
    const first = await trigger(event({ idempotencyKey }));
    await ctx
      .db()
      .query("UPDATE hookline.events SET created_at = now() - interval '2 days' WHERE id = $1::uuid", [first.eventId]);
    const [next] = await Promise.all([trigger(event({ idempotencyKey, json: '{"n":2}' })), trigger(event())]);
    expect(next).toMatchObject({ isDuplicate: false, matched: 1 });
  });

  it('of one call are delivered in their order', async () => {
    const owner = await createUser(ctx.db());
    const { id } = await createWebhook(ctx.db(), 'https://example.com/ordered', { is_ordered: true }, owner);
    const trigger = gatheredTriggers(ctx.db());
    const first = trigger([event()]);
    await trigger(Array.from({ length: 300 }, (_, n) => event({ userId: owner, json: `{"n":${n}}` })));
    await first;
    const { rows } = await ctx.db().query<{ n: number }>(
      `SELECT (d.request_payload ->> 'n')::int AS n FROM hookline.queue q JOIN webhook_deliveries d ON d.id = q.delivery_id
       WHERE q.webhook_id = $1::uuid ORDER BY q.position`,
      [id],
    );
    expect(rows.map(({ n }) => n)).toEqual(Array.from({ length: 300 }, (_, n) => n));
  });

  it('reach the same webhooks as one by itself', async () => {
    const db = ctx.db();
    const owner = await createUser(db);
    const at = (name: string, columns = {}) => createWebhook(db, `https://example.com/${name}`, columns, owner);
    await at('paused', { is_active: false });
    await at('once', { retry_enabled: false });
    await at('many', { max_retries: 7 });
    await at('verified', { is_verified: true });
    const filtered = await at('filtered');
    const unsubscribed = await at('unsubscribed');
    await asService(db, async (tx) => {
      await tx.query(`UPDATE webhook_event_subscriptions SET filters = '{"n":{"$gt":1}}' WHERE webhook_id = $1::uuid`, [
        filtered.id,
      ]);
      await tx.query('UPDATE webhook_event_subscriptions SET is_active = false WHERE webhook_id = $1::uuid', [
        unsubscribed.id,
      ]);
    });
    const trigger = gatheredTrigger(db);
    for (const setting of ['on_request', 'required']) {
      await db.query('UPDATE hookline.settings SET verification = $1', [setting]);
      for (const isEnabled of [true, false]) {
        await asService(db, (tx) =>
          tx.query("UPDATE webhook_events SET is_enabled = $1 WHERE event_type = 'video.generated'", [isEnabled]),
        );
        const given = [owner, null].flatMap((user) =>
          ['{"n":1}', '{"n":2}'].map((json) => event({ userId: user, json })),
        );
        const together = await Promise.all(given.map(trigger));
        for (const [n, { eventId }] of together.entries()) {
          expect(await reached(db, eventId), `${setting} ${isEnabled} ${n}`).toEqual(
            await reachedBySql(db, given[n] ?? event()),
          );
        }
        if (isEnabled && setting === 'on_request')
          expect(together.map(({ matched }) => matched).slice(0, 2)).toEqual([3, 4]);
      }
    }
    await db.query("UPDATE hookline.settings SET verification = 'on_request'");
    await asService(db, (tx) => tx.query('UPDATE webhook_events SET is_enabled = true'));
  });

  it('ask a schema that is known without a further statement', async () => {
    const setSchema = (schema: string | null) =>
      asService(ctx.db(), (tx) =>
        tx.query("UPDATE webhook_events SET payload_schema = $1::jsonb WHERE event_type = 'credit.added'", [schema]),
      );
    await setSchema('{"required":["a"]}');
    const { db, statements } = counted(ctx.db());
    const trigger = gatheredTrigger(db);
    const credit = (payload: object) => event({ type: 'credit.added', payload, json: JSON.stringify(payload) });
    await trigger(credit({ a: 1 }));
    expect(statements()).toBe(2);
    await trigger(credit({ a: 1 }));
    expect(statements()).toBe(3);
    await expect(trigger(credit({}))).rejects.toMatchObject({ code: 'invalid_payload' });
    await setSchema(null);
    await trigger(credit({}));
    await setSchema('{"required":["b"]}');
    await expect(trigger(credit({ a: 1 }))).rejects.toMatchObject({ code: 'invalid_payload' });
  });

  // The embedded database has one connection: nobody else holds anything.
  if (ctx.kind === 'pglite') return;

  it('are not held up by one whose key another transaction holds', async () => {
    // That one is given up after 5 s, in which a busy machine may not be done with the others.
    const patient: Database = {
      ...ctx.db(),
      atOnce: (...statements) =>
        ctx
          .db()
          .atOnce(...statements.map(([text, params]): Statement => [text, params[0] === '5000ms' ? ['15s'] : params])),
    };
    const trigger = gatheredTrigger(patient);
    const idempotencyKey = randomUUID();
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    let isHeld = (): void => undefined;
    const began = new Promise<void>((resolve) => {
      isHeld = resolve;
    });
    const holder = asService(ctx.db(), async (tx) => {
      // Else it is ended after 5 s, too.
      await tx.query('SET LOCAL idle_in_transaction_session_timeout = 0');
      await tx.query(`SELECT FROM hookline.trigger_event('video.generated', '{"n":1}', $1::uuid, $2)`, [
        userId,
        idempotencyKey,
      ]);
      isHeld();
      await held;
    });
    await began;
    let isAnswered = false;
    const waiting = trigger(event({ idempotencyKey })).finally(() => {
      isAnswered = true;
    });
    await Promise.all(Array.from({ length: 600 }, () => trigger(event())));
    expect(isAnswered).toBe(false);
    release();
    await holder;
    expect(await waiting).toMatchObject({ isDuplicate: true, matched: 1 });
  });
});

/** The database, and how many statements were sent at once over it since. */
function counted(db: Database): { db: Database; statements(): number } {
  let count = 0;
  return {
    db: {
      ...db,
      atOnce(...statements) {
        count += 1;
        return db.atOnce(...statements);
      },
    },
    statements: () => count,
  };
}

/** What came of it, without what is different each time. */
async function answerOf(triggered: Promise<Triggered>): Promise<unknown> {
  try {
    const { isDuplicate, matched } = await triggered;
    return { isDuplicate, matched };
  } catch (error) {
    const { code, status, message, hint } = toHooklineError(error);
    return { code, status, message, hint };
  }
}

const REACHED = `SELECT request_url, user_id::text, max_attempts, request_payload::text FROM webhook_deliveries
  WHERE event_id = $1::uuid ORDER BY request_url, user_id`;

async function reached(db: Database, eventId: string): Promise<unknown[]> {
  return (await db.query(REACHED, [eventId])).rows;
}

async function reachedBySql(db: Database, { type, json, userId }: NewEvent): Promise<unknown[]> {
  const { rows } = await asService(db, (tx) =>
    tx.query<{ id: string }>('SELECT event_id::text AS id FROM hookline.trigger_event($1, $2::jsonb, $3::uuid)', [
      type,
      json,
      userId,
    ]),
  );
  return reached(db, rows[0]?.id ?? '');
}
