import type { Vindexes } from './vindexes.js';

/** What the rules go by. */
export interface LintOptions {
  /** Whether the database takes foreign keys, which PlanetScale does only when its settings say so. */
  readonly allowForeignKeys: boolean;
  /** Whether the schema is one of a sharded keyspace. */
  readonly sharded: boolean;
  /** Whether what takes away stored data is told, as warnings. */
  readonly dataLoss: boolean;
  /** What the keyspace's VSchema says of its tables, for `sharded`; without it Hookline's own, migrations/mysql/vschema.json. */
  readonly vindexes?: Vindexes;
}
