import type { NewContent } from '@hookline/receiver';

export interface Stored {
  readonly kind: 'stored';
  readonly key: string;
  /** What was given to the database. */
  readonly content: NewContent;
  readonly ms: number;
}

export interface Failed {
  readonly kind: 'failed';
  readonly code: string;
  readonly message: string;
}

/** How one webhook went. `acknowledged`: the handler says that it is none to store. */
export type Replayed = Stored | Failed | { readonly kind: 'acknowledged' };
