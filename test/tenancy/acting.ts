import type { Database, Queryable } from '../../src/db/database.js';
import type { Actor, TableMatrix } from './notation.js';
import type { World } from './world.js';

/** Where a suite runs: a migrated database with a world in it. Both are made after the suite. */
export interface TenancyContext {
  readonly kind: 'postgres' | 'pglite';
  readonly authIsOurs: boolean;
  /** As the role that owns the schema. */
  db(): Database;
  world(): World;
}

/** The id of the user that an actor is, if any. */
export function userOf(actor: Actor, world: World): string | undefined {
  if (actor === 'owner') return world.owner.id;
  return actor === 'stranger' ? world.stranger.id : undefined;
}

/** SQL that makes the rest of a transaction an actor's. */
export function actAs(actor: Actor, world: World): string {
  const role = actor === 'anon' ? 'anon' : actor === 'service' ? 'service_role' : 'authenticated';
  const claims = JSON.stringify({ sub: userOf(actor, world), role });
  return `SELECT set_config('role', '${role}', true), set_config('request.jwt.claims', '${claims}', true)`;
}

/** Fills in $hook (the owner's), $my_hook (the actor's own; the owner's where the actor has none) and so on. */
export function fillIn(sql: string, actor: Actor, world: World): string {
  const own = actor === 'stranger' ? world.stranger : world.owner;
  const values: Record<string, string> = {
    me: own.id,
    my_id: own.id,
    my_hook: own.hook,
    owner: world.owner.id,
    bystander: world.bystander,
    hook: world.owner.hook,
    other_hook: world.otherHook,
    delivery: world.owner.delivery,
    waiting: world.owner.waiting,
    event: world.owner.event,
    token: world.owner.token,
  };
  return sql.replaceAll(/\$([a-z_]+)/g, (_, name: string) => {
    if (name === 'content') return world.owner.content;
    const value = values[name];
    if (value === undefined) throw new Error(`There is no $${name}: ${sql}`);
    return `'${value}'::uuid`;
  });
}

/** A row that stands in a table: where (its place changes with every update), and whose it is. */
export interface Row {
  readonly table: string;
  readonly place: string;
  readonly whose: string | null;
}

/** SQL that gives every row of the tables. Only for their owner, who sees all. */
export function everyRow(tables: readonly TableMatrix[]): string {
  return tables
    .filter((table) => table.viewOf === undefined)
    .map(
      ({ table, whose }) =>
        `SELECT '${table}' AS table, tableoid || '/' || ctid::text AS place, (${whose})::text AS whose FROM ${table}`,
    )
    .join(' UNION ALL ');
}

export interface Difference {
  readonly gone: readonly Row[];
  readonly come: readonly Row[];
}

/** What differs between two looks at every row: an update makes a row go and another come. */
export function difference(before: readonly Row[], after: readonly Row[]): Difference {
  const keys = (rows: readonly Row[]) => new Set(rows.map(({ table, place }) => `${table} ${place}`));
  const [had, has] = [keys(before), keys(after)];
  return {
    gone: before.filter(({ table, place }) => !has.has(`${table} ${place}`)),
    come: after.filter(({ table, place }) => !had.has(`${table} ${place}`)),
  };
}

/** What a statement came to. */
export type Attempt =
  | { readonly error: Readonly<Record<string, unknown>> }
  | { readonly count: number; readonly rows: readonly unknown[]; readonly change: Difference };

export interface Trial {
  /** Runs one statement as the actor, tells what came and what changed in any table, and undoes it. */
  attempt(sql: string): Promise<Attempt>;
  /** Asks as the owner of the schema. */
  ask<T>(sql: string): Promise<T[]>;
}

/**
 * Restores Supabase's defaults on what is there, as many a guide says to. Locked first: autovacuum holds a table while it
 * waits for our change of its rights, and TRUNCATE would wait for autovacuum.
 */
export const GRANT_ALL = `
  LOCK TABLE public.webhooks, public.webhook_events, public.webhook_event_subscriptions, public.webhook_deliveries,
    public.ai_content IN SHARE UPDATE EXCLUSIVE MODE;
  GRANT ALL ON ALL TABLES IN SCHEMA public TO anon, authenticated;
  GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO anon, authenticated`;

class RolledBack extends Error {}

let looks = 0;

/** Runs `fn` in one transaction that is rolled back. `setUp` runs before, as the owner of the schema. */
export async function trying(
  ctx: TenancyContext,
  tables: readonly TableMatrix[],
  actor: Actor,
  fn: (trial: Trial) => Promise<void>,
  setUp = 'SELECT',
): Promise<void> {
  // Planned once a transaction: it is a union of all tables.
  looks += 1;
  const number = looks;
  const look = `EXECUTE look_${number}`;
  const run = ctx.db().transaction(async (tx) => {
    await tx.query(`${setUp}; PREPARE look_${number} AS ${everyRow(tables)}`);
    const before = (await tx.query<Row>(look)).rows;
    await tx.query('SAVEPOINT attempt');
    await fn({
      async attempt(sql) {
        await tx.query(`ROLLBACK TO SAVEPOINT attempt; ${actAs(actor, ctx.world())}`);
        const result = await answerOf(tx, sql);
        if ('error' in result) return result;
        const after = (await tx.query<Row>(`SET LOCAL ROLE NONE; ${look}`)).rows;
        return { ...result, change: difference(before, after) };
      },
      async ask<T>(sql: string) {
        return (await tx.query<T>(`ROLLBACK TO SAVEPOINT attempt; ${sql}`)).rows;
      },
    });
    await tx.query(`ROLLBACK TO SAVEPOINT attempt; DEALLOCATE look_${number}`);
    throw new RolledBack();
  });
  await run.catch((reason: unknown) => {
    if (!(reason instanceof RolledBack)) throw reason;
  });
}

async function answerOf(
  tx: Queryable,
  sql: string,
): Promise<{ error: Record<string, unknown> } | { count: number; rows: unknown[] }> {
  try {
    const { rows, rowCount } = await tx.query(sql, []);
    return { count: rowCount, rows };
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') throw error;
    return { error: { ...error, message: error.message } };
  }
}
