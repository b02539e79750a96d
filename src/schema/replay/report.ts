/** A webhook that the branch could not store. */
export interface ReplayFailure {
  /** The row's id in production, or the file and line; null where it is of the branch and of no webhook. */
  readonly id: string | null;
  readonly channelId: string | null;
  readonly event: string | null;
  /** The server's (`ER_DATA_TOO_LONG`, `errno_1406`), or `mapping_failed`, `unstorable`, `not_unique`, `timeout`, `not_stored`. */
  readonly code: string;
  /** The server's own words, where there are some; cut to 200 characters, since they may quote the webhook. */
  readonly message: string;
}

/** A column that holds something else than it did. Values are cut to 200 characters; null is NULL. */
export interface ReplayDifference {
  readonly id: string;
  readonly column: string;
  readonly stored: string | null;
  readonly replayed: string | null;
}

/** A value that did not go into its column whole. */
export interface ReplayCut {
  readonly id: string;
  readonly column: string;
  /** Who cut it: the handler says so in `metadata.truncated`; the database keeps quiet (a `sql_mode` without STRICT, a trigger). */
  readonly by: 'handler' | 'database';
  /** The value as it was given, and as it is kept; cut to 200 characters. */
  readonly given: string | null;
  readonly kept: string | null;
  /** How many characters each has. */
  readonly givenCharacters: number;
  readonly keptCharacters: number;
}

/** A column that production has not. */
export interface NewColumn {
  readonly column: string;
  readonly filled: number;
  readonly empty: number;
}

/** A column that the branch has not. */
export interface DroppedColumn {
  readonly column: string;
  /** How many of the webhooks' rows hold more there than its default. */
  readonly filled: number;
}

/** How long an insert takes, on the schema of production and on the branch's. */
export interface ReplaySpeed {
  readonly baseMedianMs: number;
  readonly branchMedianMs: number;
  readonly baseP95Ms: number;
  readonly branchP95Ms: number;
  /** The median of the webhooks' own ratios. */
  readonly ratio: number;
  /** The ratio from which it counts as slower. */
  readonly slowerThan: number;
  readonly slower: boolean;
}

/** What came out of a replay. Plain data. A list holds its first 100; `counts` are of all. */
export interface ReplayReport {
  readonly branch: string;
  /** Of the branch's schema, as it was replayed on. */
  readonly schemaHash: string;
  readonly source: 'stored' | 'files';
  /** How many were tried. */
  readonly webhooks: number;
  /** Stored as before; of files without a baseline: stored whole. */
  readonly passed: number;
  /** Not stored by the handler, as it should: no event, or no callback URL. Files only. */
  readonly acknowledged: number;
  /** Stored whole, but compared with nothing: production's row was changed since, and there was no baseline. */
  readonly notCompared: number;
  /** Not stored on production's schema either. Files only. */
  readonly failedBefore: number;
  /** `different` and `cut` count values, of which a webhook may have several. */
  readonly counts: { readonly failed: number; readonly different: number; readonly cut: number };
  readonly failed: readonly ReplayFailure[];
  readonly different: readonly ReplayDifference[];
  readonly cut: readonly ReplayCut[];
  readonly newColumns: readonly NewColumn[];
  readonly droppedColumns: readonly DroppedColumn[];
  /** Null without a baseline, and when nothing was stored on both. */
  readonly speed: ReplaySpeed | null;
  /** Why not all were tried; null when all were. */
  readonly stopped: string | null;
  /** Whether something got worse: then the replay has failed. */
  readonly worse: boolean;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly tookMs: number;
}

/** The report in one line: `Replay passed: 500 webhooks on ai-content-v2, all stored as before; an insert takes 2.1 ms (2.0 before).` */
export function summaryOf(report: ReplayReport): string {
  const { branch, webhooks, passed, acknowledged, notCompared, failedBefore, counts, droppedColumns, speed } = report;
  const lost = droppedColumns.filter(({ filled }) => filled > 0).map(({ column }) => column);
  const parts = [
    ...(passed > 0 ? [passed === webhooks ? 'all stored as before' : `${passed} stored as before`] : []),
    ...(counts.failed > 0 ? [`${counts.failed} failed`] : []),
    ...(counts.different > 0 ? [`${inWords(counts.different, 'value')} different`] : []),
    ...(counts.cut > 0 ? [`${inWords(counts.cut, 'value')} cut`] : []),
    ...(lost.length > 0 ? [`data lost with ${lost.join(', ')}`] : []),
    ...(acknowledged > 0 ? [`${acknowledged} not to be stored`] : []),
    ...(notCompared > 0 ? [`${notCompared} changed since and not compared`] : []),
    ...(failedBefore > 0 ? [`${failedBefore} not stored by production's schema either`] : []),
    ...(report.stopped === null ? [] : [report.stopped]),
  ];
  const took =
    speed === null
      ? ''
      : `; an insert takes ${speed.branchMedianMs} ms (${speed.baseMedianMs} ms before)${speed.slower ? ', slower' : ''}`;
  return `Replay ${report.worse ? 'failed' : 'passed'}: ${inWords(webhooks, 'webhook')} on ${branch}, ${parts.join(', ')}${took}.`;
}

function inWords(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
