import { defineConfig } from 'vitest/config';
import suite from '../../vitest.config.js';

/**
 * The tests that run against each mutant of TypeScript: fast, and without a database. One that needs more finds no server here and fails before the first mutant.
 */
export default defineConfig({
  ...suite,
  test: {
    include: [
      'packages/client/test/{verify,verify-details,verify-keys,verify-of-body,verify-properties,asymmetric,replay-protection}.test.ts',
      'packages/receiver/test/{verify,is-signed,retry-after}.test.ts',
      'test/unit/{sign,prepare,body,failure,address-guard,egress-lookup,egress-proxy}.test.ts',
      'test/hostile/{addresses,ports,proxy}.test.ts',
    ],
    testTimeout: 10_000,
    // A mutant of what a module makes when it is loaded is seen by loading it anew.
    isolate: true,
  },
});
