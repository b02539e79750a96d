import type { Database, Queryable } from '../../src/db/database.js';
import { makeHook, putDelivery, trigger } from '../conformance/spec-helpers.js';
import { asUserId, createUser } from '../harness/databases.js';

/** The rows of one user that the matrix speaks of, by their ids. */
export interface Person {
  readonly id: string;
  readonly hook: string;
  /** A failed one, and one that waits. */
  readonly delivery: string;
  readonly waiting: string;
  readonly content: string;
  readonly event: string;
  /** An API key. */
  readonly token: string;
}

/** A database in which the owner and the stranger have rows in every table, and some rows are nobody's. */
export interface World {
  readonly owner: Person;
  readonly stranger: Person;
  /** The owner's second webhook, without a secret in overlap. */
  readonly otherHook: string;
  /** A user who has nothing. */
  readonly bystander: string;
}

/** Fills a migrated database, opened as its owner. The user `owner` has more than the stranger: counts differ. */
export async function makeWorld(db: Database): Promise<World> {
  const [owner, stranger, bystander] = [await createUser(db), await createUser(db), await createUser(db)];
  const first = await makeHook(db, owner);
  const second = await makeHook(db, owner);
  const theirs = await makeHook(db, stranger);
  for (const hook of [first, theirs]) {
    await asUserId(db, hook.user, (tx) =>
      tx.query(`SELECT rotate_webhook_secret('${hook.id}'), request_webhook_verification('${hook.id}'),
        set_webhook_headers('${hook.id}', '{"X-Key": "secret"}')`),
    );
  }
  await asUserId(db, owner, (tx) => tx.query(`SELECT subscribe_webhook_events('${first.id}', '{video.failed}')`));

  const failed = await putDelivery(db, first, { status: 'failed' });
  const theirsFailed = await putDelivery(db, theirs, { status: 'failed' });
  const waiting = await putDelivery(db, second, { status: 'retrying' });
  await trigger(db, 'video.failed', {}, owner);
  const [theirsWaiting] = await trigger(db, 'video.generated', {}, stranger);
  await trigger(db, 'credit.added', {});
  for (const [hook, delivery] of [
    [first, failed],
    [second, waiting],
    [theirs, theirsFailed],
  ] as const) {
    await db.query(`
      INSERT INTO hookline.webhook_delivery_attempts (delivery_id, webhook_id, user_id, attempt_number, attempted_at)
      VALUES ('${delivery}', '${hook.id}', '${hook.user}', 1, now())`);
  }
  await db.query(`
    SELECT hookline.make_first_signing_key(decode(repeat('01', 48), 'hex'), decode(repeat('01', 32), 'hex'));
    INSERT INTO hookline.users (user_id, external_user_id) VALUES ('${owner}', 'ours'), ('${stranger}', 'theirs');
    INSERT INTO hookline.stream_watchers (user_id, since_position, until, listened_until)
      SELECT u, 0, '2020-01-01', '2020-01-01' FROM unnest('{${owner}, ${stranger}}'::uuid[]) u;
    UPDATE hookline.stream_state SET last_position = 3;
    INSERT INTO hookline.delivery_changes (position, kind, user_id, webhook_id, event_type, status, delivery)
      SELECT p, 'failed', u, w, 'video.generated', 'failed', '{}' FROM (VALUES (1, '${owner}'::uuid, '${first.id}'::uuid),
        (2, '${owner}', '${second.id}'), (3, '${stranger}', '${theirs.id}'), (NULL, '${owner}', '${first.id}')) c (p, u, w);
    INSERT INTO hookline.workers (id, name, heartbeat_at) VALUES (gen_random_uuid(), 'dead', now() - interval '1 hour');
    INSERT INTO public.ai_content (title, event_name) VALUES ('nobody''s', 'video.generated')`);

  const person = async (id: string, hook: string, delivery: string, waits: string): Promise<Person> => {
    const content = `INSERT INTO public.ai_content (title, event_name, metadata)
      VALUES ('of a user', 'video.generated', '{"user_id": "${id}"}') RETURNING id::text`;
    const event = `SELECT id FROM hookline.events WHERE user_id = '${id}'`;
    const token = `SELECT token_id AS id FROM hookline.create_access_token('api_key', '${id}', 'a key', 'write', NULL)`;
    return {
      id,
      hook,
      delivery,
      waiting: waits,
      content: await idOf(db, content),
      event: await idOf(db, event),
      token: await idOf(db, token),
    };
  };
  await db.query(`INSERT INTO public.ai_content (title, metadata) VALUES ('another', '{"user_id": "${owner}"}')`);
  return {
    owner: await person(owner, first.id, failed, waiting),
    stranger: await person(stranger, theirs.id, theirsFailed, theirsWaiting?.delivery_id ?? ''),
    otherHook: second.id,
    bystander,
  };
}

async function idOf(db: Queryable, sql: string): Promise<string> {
  const { rows } = await db.query<{ id: string }>(sql, []);
  const [row] = rows;
  if (rows.length !== 1 || row === undefined) throw new Error(`Expected one row, got ${rows.length}: ${sql}`);
  return row.id;
}
