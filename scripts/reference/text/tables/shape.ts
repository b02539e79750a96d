import type { Told } from '../../language.js';

/** What the reference says of a table or view. Its columns have to be just those that it has. */
export interface TableText {
  readonly about: Told;
  readonly columns: Readonly<Record<string, Told>>;
}
