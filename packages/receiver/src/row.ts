import type { ContentRecord } from './record.js';

/** Values of added columns, as a store binds them; `json` is JSON text. */
export type Columns = Readonly<Record<string, BoundValue>>;
export type BoundValue = string | number | boolean | Date | { readonly json: string } | null;

/** What a webhook becomes before it is fitted to its store. */
export interface Row {
  readonly record: ContentRecord;
  readonly columns: Columns;
}

/** `mapRecord` threw, or gave what is no record: a fault in the application, answered 500 so that the gateway sends the webhook again. */
export class MappingError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'MappingError';
  }
}
