import type { Constraint } from '../table/schema.js';
import { isSameName, type TableChange } from './table-change.js';

/** A change with the constraints that its own statement does; the others have statements of their own, before and behind all. */
export interface PlacedChange {
  readonly change: TableChange;
  readonly early: ReadonlySet<Constraint>;
  readonly late: ReadonlySet<Constraint>;
}

/** One change has to run before another because of a constraint, unless that is taken out of its statement. */
interface Wait {
  readonly before: TableChange;
  readonly after: TableChange;
  /** Whose constraint it is, and whether it goes early or late when it is taken out. */
  readonly owner: TableChange;
  readonly constraint: Constraint;
}

const RANK = { CREATE: 0, ALTER: 1, DROP: 2 } as const;

/**
 * Puts changes in an order in which they can run with foreign_key_checks on: a table that a new foreign key refers to comes first, one that an old one
 * referred to afterwards, and a constraint's name is free before it is given again. Where tables wait for each other in a ring, a constraint is taken out of its statement.
 */
export function orderChanges(changes: readonly TableChange[]): PlacedChange[] {
  const early = new Map(changes.map((change) => [change, new Set(change.first)]));
  const late = new Map(changes.map((change) => [change, new Set(change.last)]));
  let waits = waitsOf(changes).filter((wait) => !early.get(wait.owner)?.has(wait.constraint));
  let left = [...changes].sort(
    (one, other) => RANK[one.operation] - RANK[other.operation] || (one.table < other.table ? -1 : 1),
  );
  const ordered: TableChange[] = [];
  while (left.length > 0) {
    const next = left.find((change) => waits.every(({ after }) => after !== change));
    if (next) {
      ordered.push(next);
      left = left.filter((change) => change !== next);
      waits = waits.filter(({ before }) => before !== next);
      continue;
    }
    const { owner, constraint } = waitOfRing(waits, left[0]);
    (owner.drops.includes(constraint) ? early : late).get(owner)?.add(constraint);
    waits = waits.filter((wait) => wait.owner !== owner || wait.constraint !== constraint);
  }
  const none: ReadonlySet<Constraint> = new Set();
  return ordered.map((change) => ({ change, early: early.get(change) ?? none, late: late.get(change) ?? none }));
}

function waitsOf(changes: readonly TableChange[]): Wait[] {
  const waits: Wait[] = [];
  const byTable = new Map(changes.map((change) => [change.table, change]));
  for (const owner of changes) {
    for (const constraint of owner.adds) {
      const parent = byTable.get(constraint.references ?? '');
      if (parent && parent !== owner) waits.push({ before: parent, after: owner, owner, constraint });
    }
    for (const constraint of owner.drops) {
      const parent = byTable.get(constraint.references ?? '');
      if (parent && parent !== owner) waits.push({ before: owner, after: parent, owner, constraint });
      for (const taker of changes) {
        if (taker === owner || !taker.adds.some((added) => isSameName(added, constraint))) continue;
        waits.push({ before: owner, after: taker, owner, constraint });
      }
    }
  }
  return waits;
}

/** A wait that is part of a ring: going from what waits to what it waits for comes back to where it was. */
function waitOfRing(waits: readonly Wait[], start: TableChange | undefined): Wait {
  const passed = new Set<TableChange>();
  let at = start;
  for (;;) {
    const wait = waits.find(({ after }) => after === at);
    if (!wait || !at) throw new Error('Nothing waits, and nothing is ready.');
    passed.add(at);
    if (passed.has(wait.before)) return wait;
    at = wait.before;
  }
}
