import type { Insertion, NewContent } from '../store.js';
import type { BatchResults } from './batching.js';
import { field } from './fields.js';
import { isDataError, withRetries } from './mysql-errors.js';
import { findRepeated, type ToInsert, toInsert } from './mysql-insert.js';
import type { Writing } from './mysql-run.js';
import { insert, rowsOf } from './mysql-statements.js';

/** A statement holds so many characters of webhooks at most, or one webhook: databases limit a statement's length. */
const MOST_CHARACTERS = 262_144;

interface Asked extends ToInsert {
  readonly content: NewContent;
  /** On the row that this insert makes, and on no other. */
  readonly token: string;
}

/** Stores many rows by one statement for each shape that they have. One that the database refuses, or that was there, is its own affair. */
export function createManyInsert({ run, keepPayload, insert: insertOne }: Writing) {
  /** What the insert made, in the order of the group; null for a row that it did not make, or that is gone since. */
  async function made(group: readonly Asked[]): Promise<(Insertion | null)[]> {
    const { columns, as } = group[0] as Asked;
    const params = group.flatMap((asked) => asked.params);
    const { rowsAffected } = await withRetries(() => run(insert(columns, as, group.length), params));
    if (rowsAffected < group.length) throw new Error('The database answered an insert without saying what it did.');
    const keys = group.map(({ content }) => content.idempotencyKey);
    const { rows } = await run(rowsOf(keys.length), keys);
    const ids = new Map(rows.map((row) => [field(row, 'callback_lease'), String(field(row, 'id'))]));
    return group.map(({ token, savedAt }) => {
      const id = ids.get(token);
      return id === undefined ? null : { id, savedAt, created: true, differs: false };
    });
  }

  async function insertGroup(group: readonly Asked[]): Promise<Promise<Insertion>[]> {
    const alone = ({ content }: Asked) => insertOne(content);
    if (group.length === 1) return group.map(alone);
    try {
      const all = await made(group);
      return group.map(
        async (asked, at) => all[at] ?? (await findRepeated(run, asked.content)) ?? (await alone(asked)),
      );
    } catch (error) {
      if (!isDataError(error)) throw error;
      return group.map(alone);
    }
  }

  function asked(content: NewContent): Asked {
    const token = 'lease' in content.callback ? content.callback.lease.token : crypto.randomUUID();
    return { content, token, ...toInsert(content, keepPayload, token) };
  }

  return async (contents: readonly NewContent[]): Promise<BatchResults<Insertion>> => {
    const results = new Map<NewContent, Promise<Insertion>>();
    for (const group of groupsOf(contents.map(asked))) {
      const stored = insertGroup(group);
      for (const [at, { content }] of group.entries()) {
        results.set(
          content,
          stored.then((all) => all[at] as Promise<Insertion>),
        );
      }
    }
    await Promise.allSettled(results.values());
    return contents.map((content) => results.get(content) as Promise<Insertion>);
  };
}

/** Rows of one statement: of one shape, and not too long together. In the order of their keys, so that two such statements lock alike. */
function groupsOf(all: readonly Asked[]): Asked[][] {
  const groups: { shape: string; characters: number; rows: Asked[] }[] = [];
  for (const asked of all.toSorted((a, b) => (a.content.idempotencyKey < b.content.idempotencyKey ? -1 : 1))) {
    const { length } = asked.content.event.text;
    const shape = JSON.stringify([asked.columns, asked.as]);
    let group = groups.find((one) => one.shape === shape && one.characters + length <= MOST_CHARACTERS);
    if (group === undefined) {
      group = { shape, characters: 0, rows: [] };
      groups.push(group);
    }
    group.characters += length;
    group.rows.push(asked);
  }
  return groups.map(({ rows }) => rows);
}
