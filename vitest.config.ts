import { configDefaults, defineConfig } from 'vitest/config';
import { BrowserFirst } from './test/harness/browser-first.js';

// `hookline-source` resolves @hookline/receiver to its TypeScript source, so tests need no build; the others are Vite's own for a server, but for `module`: Vitest has
// Node resolve by them too, and what packages keep there for bundlers (@opentelemetry/api) Node cannot load.
const conditions = ['hookline-source', 'node', 'development|production'];

// Tests against other people's services, which run only where their owner gives an address, or a token.
const branchSettings = ['SERVICE_TOKEN_ID', 'SERVICE_TOKEN', 'ORG', 'DATABASE'].map(
  (name) => `PLANETSCALE_TEST_${name}`,
);
const live = [
  ...(process.env['PLANETSCALE_TEST_URL'] ? [] : ['test/live/planetscale.test.ts']),
  ...(branchSettings.every((name) => process.env[name]) ? [] : ['test/live/schema-branches.test.ts']),
];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: ['hookline-source', 'node'] } },
  test: {
    include: ['test/**/*.test.ts', 'packages/*/test/**/*.test.ts'],
    exclude: [...configDefaults.exclude, ...live],
    globalSetup: ['test/harness/global-setup.ts'],
    pool: 'forks',
    // Files share a process and its modules: importing them anew costs each file 1 to 4 s of a processor, and there are more than 300.
    isolate: false,
    // The suite is sized for two cores. Most files wait as long as they compute: with four at a time a fifth of the two stood idle, 903 s; with five 780 s, with six 740 s.
    maxWorkers: 6,
    sequence: { sequencer: BrowserFirst },
    // Of `npm run coverage`. Processes that tests start (hookline as a command, workers that are killed) are not seen, nor is the dashboard in its browser.
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts', 'packages/*/src/**/*.ts'],
      exclude: ['packages/client/src/api-types.ts'],
      reporter: ['text-summary', 'html'],
      reportOnFailure: true,
    },
    // Two busy cores: PGlite's first start alone takes 6 to 8 s.
    testTimeout: 30_000,
    hookTimeout: 120_000,
    teardownTimeout: 30_000,
    // As long as Playwright's own waits here: a page beside a busy suite may take seconds to draw once.
    expect: { poll: { timeout: 15_000 } },
  },
});
