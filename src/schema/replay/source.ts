import type { StoredRow } from './content-table.js';

/** A webhook to replay. */
export interface SourceWebhook {
  /** The row's id in production, or the file, with the line where it holds one a line. */
  readonly id: string;
  readonly body: Uint8Array<ArrayBuffer>;
  /** What production stored of it; null for a file. */
  readonly stored: StoredRow | null;
  /** Whether production's row was changed after it was stored: then it says nothing of how it would be stored. */
  readonly isChanged: boolean;
}

/** Where the webhooks are from: the newest of production's rows, or files and folders. */
export type ReplaySource =
  | { readonly kind: 'stored'; readonly last: number }
  | { readonly kind: 'files'; readonly paths: readonly string[] };

/** So many are held and replayed at a time. A webhook is 1 MiB at most, and PlanetScale gives 64 MiB. */
export const PAGE = 50;
