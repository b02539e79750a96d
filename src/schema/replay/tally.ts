import type { Column } from '../table/schema.js';
import { type ContentTable, contentColumns, type StoredRow } from './content-table.js';
import { isDefault } from './own-values.js';
import type { DroppedColumn, NewColumn, ReplayCut, ReplayDifference, ReplayFailure, ReplayReport } from './report.js';
import { speedOf, type Timings } from './speed.js';

const MOST_LISTED = 100;
/** So many webhooks in a row that fail alike say all that the rest would. */
const ALIKE_IN_A_ROW = 20;

/** What is known of a replay so far. */
export class Tally {
  readonly timings: Timings[] = [];
  acknowledged = 0;
  readonly #failed = new Listed<ReplayFailure>();
  readonly #different = new Listed<ReplayDifference>();
  readonly #cut = new Listed<ReplayCut>();
  readonly #added: readonly Column[];
  readonly #gone: readonly Column[];
  readonly #filled = new Map<string, number>();
  #passed = 0;
  #notCompared = 0;
  #failedBefore = 0;
  #storedRows = 0;
  #alike = { what: '', count: 0 };
  #webhooks = 0;

  constructor(
    /** `ai_content` of production. */
    readonly from: ContentTable,
    to: ContentTable,
  ) {
    const lacks = (table: ContentTable) => (column: Column) => !table.has(column.name.toLowerCase());
    this.#added = contentColumns(to).filter(lacks(from));
    this.#gone = contentColumns(from).filter(lacks(to));
  }

  get webhooks(): number {
    return this.#webhooks + this.acknowledged;
  }

  /** A trouble of the branch itself. */
  fail(failure: ReplayFailure): void {
    this.#failed.add(failure);
  }

  failedWebhook(failure: ReplayFailure): void {
    this.#webhooks++;
    this.fail(failure);
    const what = JSON.stringify([failure.code, failure.message]);
    this.#alike = { what, count: what === this.#alike.what ? this.#alike.count + 1 : 1 };
  }

  /** One that production's schema cannot hold either: nothing got worse. */
  failedBeforeToo(code: string): void {
    this.#webhooks++;
    this.#failedBefore++;
    this.#alike = { what: code, count: code === this.#alike.what ? this.#alike.count + 1 : 1 };
  }

  /** `different` is null where there was nothing to compare with. */
  storedWebhook(after: StoredRow, different: readonly ReplayDifference[] | null, cut: readonly ReplayCut[]): void {
    this.#webhooks++;
    this.#storedRows++;
    this.#alike = { what: '', count: 0 };
    for (const one of different ?? []) this.#different.add(one);
    for (const one of cut) this.#cut.add(one);
    if (cut.length === 0 && different === null) this.#notCompared++;
    if (cut.length === 0 && different?.length === 0) this.#passed++;
    this.#count(this.#added, (column) => (after[column.name.toLowerCase()] ?? null) !== null);
  }

  /** What production holds of a webhook, whatever became of it on the branch. */
  heldBefore(before: StoredRow): void {
    this.#count(this.#gone, (column) => !isDefault(before[column.name.toLowerCase()] ?? null, column));
  }

  /** Why it is of no use to go on; null when it is. */
  get stopped(): string | null {
    if (this.#alike.count < ALIKE_IN_A_ROW) return null;
    return `stopped after ${ALIKE_IN_A_ROW} in a row that failed alike`;
  }

  report(about: Pick<ReplayReport, 'branch' | 'schemaHash' | 'source'>, slowerThan: number, begun: Date): ReplayReport {
    const newColumns: NewColumn[] = this.#added.map(({ name }) => {
      const filled = this.#filled.get(name) ?? 0;
      return { column: name, filled, empty: this.#storedRows - filled };
    });
    const droppedColumns: DroppedColumn[] = this.#gone.map(({ name }) => ({
      column: name,
      filled: this.#filled.get(name) ?? 0,
    }));
    const speed = speedOf(this.timings, slowerThan);
    const counts = { failed: this.#failed.count, different: this.#different.count, cut: this.#cut.count };
    return {
      ...about,
      webhooks: this.webhooks,
      passed: this.#passed,
      acknowledged: this.acknowledged,
      notCompared: this.#notCompared,
      failedBefore: this.#failedBefore,
      counts,
      failed: this.#failed.first,
      different: this.#different.first,
      cut: this.#cut.first,
      newColumns,
      droppedColumns,
      speed,
      stopped: this.stopped,
      worse:
        counts.failed + counts.different + counts.cut > 0 ||
        droppedColumns.some(({ filled }) => filled > 0) ||
        speed?.slower === true,
      startedAt: begun.toISOString(),
      tookMs: Math.round(Date.now() - begun.getTime()),
    };
  }

  #count(columns: readonly Column[], isFilled: (column: Column) => boolean): void {
    for (const column of columns) {
      if (isFilled(column)) this.#filled.set(column.name, (this.#filled.get(column.name) ?? 0) + 1);
    }
  }
}

/** The first of a list, and how many there are. */
class Listed<T> {
  readonly first: T[] = [];
  count = 0;

  add(item: T): void {
    this.count++;
    if (this.first.length < MOST_LISTED) this.first.push(item);
  }
}
