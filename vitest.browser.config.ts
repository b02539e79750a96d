import { configDefaults, mergeConfig } from 'vitest/config';
import base from './vitest.config.js';

/** `npm run test:browser`: every journey through the dashboard, and every page in its looks. */
export default mergeConfig(
  { ...base, test: { ...base.test, include: [], exclude: [] } },
  {
    test: { include: ['test/browser/**/*.test.ts'], exclude: configDefaults.exclude },
  },
);
