import { resolve } from 'node:path';
import { createVitest, type TestSequencer, type TestSpecification } from 'vitest/node';

/** Test files of the suite on its own PostgreSQL, run again and again in one process. */
export interface Driver {
  /** Runs files in this order as far as the first failure. Undefined: all passed; else the names of what failed. */
  firstFailure(files: readonly string[]): Promise<string | undefined>;
  /** An owner's URL of the database that every test database is a copy of. It is there once a test has run. */
  templateUrl(): string;
  close(): Promise<void>;
}

/** As the files are given: the fastest first. */
class InOrder implements TestSequencer {
  sort(files: TestSpecification[]): TestSpecification[] {
    return files;
  }

  shard(files: TestSpecification[]): TestSpecification[] {
    return files;
  }
}

/** Of suites that run on each database only the half on PostgreSQL runs: that is where mutants are put. */
const ON_POSTGRES = /\(postgres\)|on postgres/;

export async function startDriver(root: string): Promise<Driver> {
  const vitest = await createVitest('test', {
    root,
    config: resolve(root, 'vitest.config.ts'),
    watch: false,
    reporters: [{}],
    maxWorkers: 1,
    bail: 1,
    sequence: { sequencer: InOrder },
    testTimeout: 20_000,
    testNamePattern: ON_POSTGRES,
  });
  const project = vitest.getRootProject();
  return {
    async firstFailure(files) {
      const specifications = files.map((file) => project.createSpecification(resolve(root, file)));
      const { testModules: all, unhandledErrors } = await vitest.runTestSpecifications(specifications);
      // It gives what it remembers of other files, too.
      const testModules = all.filter(({ moduleId }) => specifications.some((one) => one.moduleId === moduleId));
      const failed = testModules.flatMap((module) => [...module.children.allTests('failed')]);
      const broken = testModules.filter((module) => module.state() === 'failed');
      if (failed.length + broken.length + unhandledErrors.length === 0) return undefined;
      return failed[0]?.fullName ?? broken[0]?.relativeModuleId ?? String(unhandledErrors[0]);
    },
    templateUrl() {
      const { postgresUrl, runId } = project.getProvidedContext();
      const url = new URL(postgresUrl);
      url.pathname = `/hookline_test_${runId}_template`;
      return url.href;
    },
    close: () => vitest.close(),
  };
}
