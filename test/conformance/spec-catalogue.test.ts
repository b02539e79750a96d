import { expect, it } from 'vitest';
import { describeOnEachDatabase } from '../harness/databases.js';
import { rows } from './spec-helpers.js';
import { TABLES } from './spec-tables.js';

const COLUMNS = `SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type, NOT a.attnotnull AS nullable
  FROM pg_attribute a WHERE a.attrelid = to_regclass('public.' || $1::text) AND a.attnum > 0 AND NOT a.attisdropped`;

const KEYS = `SELECT c.contype::text AS kind, c.conname AS name, c.confdeltype::text AS on_delete,
    fs.nspname || '.' || f.relname AS target,
    (SELECT string_agg(a.attname, ', ' ORDER BY k.n) FROM unnest(c.conkey) WITH ORDINALITY k(attnum, n)
      JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.attnum) AS columns,
    (SELECT string_agg(a.attname, ', ' ORDER BY k.n) FROM unnest(c.confkey) WITH ORDINALITY k(attnum, n)
      JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.attnum) AS target_columns
  FROM pg_constraint c LEFT JOIN pg_class f ON f.oid = c.confrelid LEFT JOIN pg_namespace fs ON fs.oid = f.relnamespace
  WHERE c.conrelid = to_regclass('public.' || $1::text)`;

const INDEXES = `SELECT c.relname AS name, m.amname AS method, i.indisunique AS "unique", i.indisvalid AS valid,
    (SELECT string_agg(pg_get_indexdef(i.indexrelid, k, true), ', ' ORDER BY k)
      FROM generate_series(1, i.indnkeyatts::integer) k) AS columns,
    pg_get_expr(i.indpred, i.indrelid) AS predicate
  FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am m ON m.oid = c.relam
  WHERE i.indrelid = to_regclass('public.' || $1::text)`;

const TRIGGERS = `SELECT t.tgname AS name, (t.tgtype & 2) <> 0 AS before, (t.tgtype & 4) <> 0 AS on_insert,
    (t.tgtype & 16) <> 0 AS on_update, (t.tgtype & 1) = 0 AS by_statement
  FROM pg_trigger t WHERE t.tgrelid = to_regclass('public.' || $1::text) AND NOT t.tgisinternal AND t.tgenabled <> 'D'`;

interface Column {
  name: string;
  type: string;
  nullable: boolean;
}
interface Key {
  kind: string;
  name: string;
  on_delete: string;
  target: string | null;
  columns: string;
  target_columns: string | null;
}
interface Index {
  name: string;
  method: string;
  unique: boolean;
  valid: boolean;
  columns: string;
  predicate: string | null;
}
interface Trigger {
  name: string;
  before: boolean;
  on_insert: boolean;
  on_update: boolean;
  by_statement: boolean;
}

/** `((status)::text = 'retrying'::text)` → `status = 'retrying'`: casts and brackets are PostgreSQL's own spelling. */
function plainPredicate(predicate: string | null): string | undefined {
  return predicate?.replaceAll(/::(character varying|text)(\(\d+\))?/g, '').replaceAll(/[()]/g, '');
}

describeOnEachDatabase('the catalogue against the specification', (ctx) => {
  for (const [table, spec] of Object.entries(TABLES)) {
    it(`${table}: columns, types and nullability`, async () => {
      const found = new Map((await rows<Column>(ctx.db(), COLUMNS, [table])).map((column) => [column.name, column]));
      const types = Object.keys(spec.columns).map((name) => [name, found.get(name)?.type]);
      expect(types).toEqual(Object.entries(spec.columns).map(([name, column]) => [name, column.type]));
      for (const [name, column] of Object.entries(spec.columns)) {
        if (column.nullable === undefined) continue;
        expect(found.get(name)?.nullable, `${table}.${name} nullable`).toBe(column.nullable);
      }
    });

    it(`${table}: a column beside the specified ones never has to be given`, async () => {
      const required = await rows<{ name: string }>(
        ctx.db(),
        `SELECT attname AS name FROM pg_attribute WHERE attrelid = to_regclass('public.' || $1::text) AND attnum > 0
           AND NOT attisdropped AND attnotnull AND NOT atthasdef AND attidentity = ''`,
        [table],
      );
      const extra = required.map(({ name }) => name).filter((name) => !(name in spec.columns));
      // webhook_deliveries.user_id is copied from the webhook; spec-counters inserts rows without it.
      expect(extra.filter((name) => name !== 'user_id')).toEqual([]);
    });

    it(`${table}: primary key, unique and foreign keys`, async () => {
      const keys = await rows<Key>(ctx.db(), KEYS, [table]);
      expect(keys.filter(({ kind }) => kind === 'p').map(({ columns }) => columns)).toEqual(['id']);
      const indexes = await rows<Index>(ctx.db(), INDEXES, [table]);
      for (const unique of spec.unique ?? []) {
        const full = indexes.filter((index) => index.unique && index.predicate === null).map(({ columns }) => columns);
        expect(full).toContain(unique);
      }
      for (const { columns, references, cascade } of spec.foreignKeys) {
        const key = keys.find(
          (candidate) =>
            candidate.kind === 'f' &&
            candidate.columns === columns &&
            `${candidate.target}(${candidate.target_columns})` === references,
        );
        expect(key, `${table}.${columns} references ${references}`).toBeDefined();
        if (cascade !== undefined) expect(key?.on_delete === 'c', `${table}.${columns} cascades`).toBe(cascade);
      }
    });

    it(`${table}: indexes by name, with columns, method and predicate`, async () => {
      const found = new Map((await rows<Index>(ctx.db(), INDEXES, [table])).map((index) => [index.name, index]));
      const plain = (name: string) => {
        const index = found.get(name);
        return index && { ...index, predicate: plainPredicate(index.predicate) };
      };
      for (const { name, columns, predicate } of spec.indexes) {
        expect(plain(name), name).toEqual({ name, method: 'btree', unique: false, valid: true, columns, predicate });
      }
    });

    it(`${table}: row level security is enabled and forced`, async () => {
      const flags = await rows(
        ctx.db(),
        `SELECT relrowsecurity AS enabled, relforcerowsecurity AS forced FROM pg_class
         WHERE oid = to_regclass('public.' || $1::text)`,
        [table],
      );
      expect(flags).toEqual([{ enabled: true, forced: true }]);
      const policies = await rows(
        ctx.db(),
        "SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = $1::text",
        [table],
      );
      expect(policies).not.toEqual([]);
    });
  }

  it('webhooks: the named check constraints', async () => {
    const keys = await rows<Key>(ctx.db(), KEYS, ['webhooks']);
    const checks = keys.filter(({ kind }) => kind === 'c').map(({ name }) => name);
    expect(checks).toEqual(expect.arrayContaining(['valid_url', 'valid_name']));
  });

  it('triggers: updated_at on the tables that have it, counters on deliveries', async () => {
    for (const table of ['webhooks', 'webhook_events', 'webhook_event_subscriptions']) {
      const triggers = await rows<Trigger>(ctx.db(), TRIGGERS, [table]);
      expect(
        triggers.some(({ before, on_update, by_statement }) => before && on_update && !by_statement),
        `${table} keeps updated_at`,
      ).toBe(true);
    }
    const triggers = await rows<Trigger>(ctx.db(), TRIGGERS, ['webhook_deliveries']);
    expect(triggers.some(({ on_insert }) => on_insert)).toBe(true);
    expect(triggers.some(({ on_update }) => on_update)).toBe(true);
  });
});
