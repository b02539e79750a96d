import { defineConfig } from 'vitest/config';

// `hookline-source` resolves @hookline/receiver to its TypeScript source, so tests need no build; the others are Vite's own for a server.
const conditions = ['hookline-source', 'module', 'node', 'development|production'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: ['hookline-source', 'node'] } },
  test: {
    include: ['test/**/*.test.ts', 'packages/*/test/**/*.test.ts'],
    globalSetup: ['test/harness/global-setup.ts'],
    pool: 'forks',
    // Beside the database server, two workers fill the two cores that the suite is sized for.
    maxWorkers: 2,
    // Two busy cores: PGlite's first start alone takes 6 to 8 s.
    testTimeout: 30_000,
    hookTimeout: 120_000,
    teardownTimeout: 30_000,
  },
});
