import { expect, it } from 'vitest';
import { type Attempt, fillIn, GRANT_ALL, type TenancyContext, type Trial, trying } from '../acting.js';
import { matrixFor } from '../matrix/index.js';
import type { TableMatrix } from '../notation.js';

/** A statement about an id, which stands in it as $id; and the ids: one of the owner's, and one that is nobody's. */
interface Question {
  readonly sql: string;
  readonly existing: string;
  readonly unknown: string;
}

const UNKNOWN = '5ca1ab1e-0000-4000-8000-000000000000';

/**
 * Errors never tell a stranger whether an id exists: for every statement and function that takes one, everything that
 * comes back is the same for the owner's and for one that there is not. On PostgreSQL somebody else holds the owner's
 * rows meanwhile: a wait would tell, too.
 */
export function describeSilence(ctx: TenancyContext): void {
  const { tables } = matrixFor(ctx.authIsOurs);
  for (const [actor, when, setUp] of [
    ['stranger', '', ''],
    ['stranger', ' after GRANT ALL ON ALL TABLES', GRANT_ALL],
    ['no-user', '', ''],
    ['anon', '', ''],
  ] as const) {
    it(`${actor} does not learn whether an id exists${when}`, async () => {
      const told: string[] = [];
      let asked = 0;
      const ask = async (trial: Trial) => {
        for (const { sql, existing, unknown } of await questions(ctx, trial)) {
          asked += 1;
          const answer = async (id: string) =>
            tell(await trial.attempt(fillIn(sql.replaceAll('$id', id), actor, ctx.world())), id);
          const [real, made] = [await answer(existing), await answer(unknown)];
          if (real !== made) told.push(`${sql}\n  existing: ${real}\n  unknown: ${made}`);
        }
      };
      const run = () => trying(ctx, tables, actor, ask, `${setUp}; ${FULL_QUOTA}; SET LOCAL lock_timeout = '500ms'`);
      await (ctx.kind === 'pglite'
        ? run()
        : ctx.db().transaction(async (holder) => {
            for (const table of tables.filter(({ viewOf }) => viewOf === undefined))
              await holder.query(`SELECT FROM ${table.table} WHERE ${isOwners(ctx, table)} FOR UPDATE`);
            await run();
          }));
      expect(told).toEqual([]);
      expect(asked).toBeGreaterThan(100);
    });
  }
}

// All that a client gets, the place in our own text that raised it included.
const TOLD =
  'severity code message detail hint where position schema table column dataType constraint file line routine'.split(
    ' ',
  );

/** What came back, without the id itself. */
function tell(attempt: Attempt, id: string): string {
  const bare = id.replace(/^'(.*)'::uuid$/, '$1');
  const answer =
    'error' in attempt
      ? TOLD.map((field) => [field, attempt.error[field]])
      : {
          rows: attempt.rows,
          count: attempt.count,
          gone: attempt.change.gone.map(({ table }) => table),
          come: attempt.change.come.map(({ table }) => table),
        };
  return JSON.stringify(answer).replaceAll(new RegExp(`\\b${bare}\\b`, 'g'), '<id>');
}

// So that the owner has reached it, and the stranger has not.
const FULL_QUOTA = 'UPDATE hookline.settings SET webhooks_per_user = 2';

const isOwners = (ctx: TenancyContext, { whose }: TableMatrix) => `(${whose})::text = '${ctx.world().owner.id}'`;

async function questions(ctx: TenancyContext, trial: Trial): Promise<Question[]> {
  const { tables, calls } = matrixFor(ctx.authIsOurs);
  const all: Question[] = [];
  for (const table of tables) {
    for (const { column, is_uuid: isUuid } of await idsOf(trial, table)) {
      const [row] = await trial.ask<{ id: string }>(
        `SELECT ${column}::text AS id FROM ${table.table}
         WHERE ${isOwners(ctx, table)} AND ${column} IS NOT NULL LIMIT 1`,
      );
      const ids = isUuid
        ? { existing: `'${row?.id}'::uuid`, unknown: `'${UNKNOWN}'::uuid` }
        : { existing: String(row?.id), unknown: '987654321' };
      if (row !== undefined) all.push(...aboutColumn(table, column).map((sql) => ({ sql, ...ids })));
    }
  }
  const { owner } = ctx.world();
  const unknown = `'${UNKNOWN}'::uuid`;
  for (const { sql } of calls) {
    const [, name] = /\$(hook|other_hook|delivery|waiting|event|token|my_id)\b/.exec(sql) ?? [];
    if (name !== undefined)
      all.push({
        sql: `SELECT ${sql.replace(`$${name}`, '$id')}`,
        existing: fillIn(`$${name}`, 'owner', ctx.world()),
        unknown,
      });
  }
  const into = 'INSERT INTO public.webhook_event_subscriptions';
  const insert = `${into} (webhook_id, event_type) VALUES ($id,`;
  const hook = `'${owner.hook}'::uuid`;
  for (const sql of [
    `${insert} 'video.generated')`,
    `${insert} 'no.such')`,
    `${insert} 'video.generated') ON CONFLICT DO NOTHING`,
    `${insert} 'video.generated') ON CONFLICT (webhook_id, event_type) DO UPDATE SET is_active = false`,
    `${insert} 'video.generated'), ($my_hook, 'video.failed')`,
    `${into} (webhook_id, event_type, filters) VALUES ($id, 'video.generated', '[]')`,
  ])
    all.push({ sql, existing: hook, unknown });
  return all;
}

/** Looking for a row by the column, locking, changing and removing it, and writing the id into a row of one's own. */
function aboutColumn({ table, columns, insert }: TableMatrix, column: string): string[] {
  const writable = columns.find(({ user }) => user.includes('u')) ?? columns[0];
  const values = { ...insert, [column]: '$id' };
  return [
    `SELECT * FROM ${table} WHERE ${column} = $id`,
    `SELECT * FROM ${table} WHERE ${column} = $id FOR UPDATE`,
    `UPDATE ${table} SET ${writable?.column} = ${writable?.value.replace(/^=$/, column)} WHERE ${column} = $id`,
    `UPDATE ${table} SET ${column} = $id`,
    `DELETE FROM ${table} WHERE ${column} = $id`,
    `INSERT INTO ${table} (${Object.keys(values)}) VALUES (${Object.values(values)})`,
    `INSERT INTO ${table} (${Object.keys(values)}) VALUES (${Object.values(values)}) ON CONFLICT DO NOTHING`,
  ];
}

async function idsOf(trial: Trial, { table }: TableMatrix): Promise<{ column: string; is_uuid: boolean }[]> {
  return trial.ask(`SELECT attname::text AS column, atttypid = 'uuid'::regtype AS is_uuid FROM pg_attribute
    WHERE attrelid = '${table}'::regclass AND attnum > 0 AND (atttypid = 'uuid'::regtype OR attname = 'id')`);
}
