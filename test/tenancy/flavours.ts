import { afterAll, beforeAll, describe } from 'vitest';
import type { Database } from '../../src/db/database.js';
import { migrate } from '../../src/db/migrate.js';
import { newSupabaseLike, type SupabaseOptions } from '../conformance/spec-supabase-database.js';
import { openTestDatabase, type TestDatabase } from '../harness/databases.js';
import type { TenancyContext } from './acting.js';
import { makeWorld, type World } from './world.js';

/** A database that the matrix has to hold on. */
export interface Flavour {
  readonly name: string;
  readonly kind: 'postgres' | 'pglite';
  readonly authIsOurs: boolean;
  /** Migrated. */
  open(): Promise<TestDatabase>;
}

const supabase = (options: SupabaseOptions) => async (): Promise<TestDatabase> => {
  const { runner, drop } = await newSupabaseLike(options);
  await migrate(runner);
  return { db: runner, drop };
};

export const PLAIN: readonly Flavour[] = [
  { name: 'PGlite', kind: 'pglite', authIsOurs: true, open: () => openTestDatabase('pglite') },
  {
    name: 'PostgreSQL, its owner a superuser',
    kind: 'postgres',
    authIsOurs: true,
    open: () => openTestDatabase('postgres'),
  },
  {
    name: 'PostgreSQL, its owner without BYPASSRLS',
    kind: 'postgres',
    authIsOurs: true,
    open: supabase({ bypassRls: false, auth: false }),
  },
];

export const SUPABASE: readonly Flavour[] = [true, false].map((bypassRls) => ({
  name: `Supabase's default privileges, an owner ${bypassRls ? 'with' : 'without'} BYPASSRLS`,
  kind: 'postgres',
  authIsOurs: false,
  open: supabase({ bypassRls, auth: true }),
}));

/** Runs the suites on each database, each in a world of its own. */
export function describeOn(flavours: readonly Flavour[], suites: readonly ((ctx: TenancyContext) => void)[]): void {
  for (const { name, kind, authIsOurs, open } of flavours) {
    describe(name, () => {
      let opened: { database: TestDatabase; world: World } | undefined;
      const get = () => {
        if (opened === undefined) throw new Error('The database is there only inside tests and hooks.');
        return opened;
      };
      beforeAll(async () => {
        const database = await open();
        opened = { database, world: await fill(database) };
      });
      afterAll(() => opened?.database.drop());
      for (const suite of suites) suite({ kind, authIsOurs, db: () => get().database.db, world: () => get().world });
    });
  }
}

async function fill({ db, drop }: { db: Database; drop(): Promise<void> }): Promise<World> {
  try {
    return await makeWorld(db);
  } catch (error) {
    await drop();
    throw error;
  }
}
