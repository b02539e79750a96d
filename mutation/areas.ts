/** A part of Hookline whose tests are themselves put to the test. */
export interface Area {
  readonly name: string;
  readonly title: string;
  /** Files that Stryker mutates; its tests are those of vitest.config.ts that reach them. */
  readonly typescript?: readonly string[];
  readonly sql?: readonly SqlGroup[];
}

/** Functions in the database, and the tests that are to notice their mutants, the fastest first. */
export interface SqlGroup {
  readonly functions: readonly string[];
  readonly tests: readonly string[];
}

export const AREAS: readonly Area[] = [
  {
    name: 'signing',
    title: 'Signing',
    typescript: ['src/deliver/prepare/sign.ts', 'src/deliver/prepare/headers.ts', 'src/deliver/prepare/prepare.ts'],
  },
  {
    name: 'verifying',
    title: 'Verifying',
    typescript: ['packages/client/src/verify/*.ts', 'packages/receiver/src/verify.ts'],
  },
  {
    name: 'ssrf-guard',
    title: 'The SSRF guard, and its proxies',
    typescript: ['src/egress/**/*.ts'],
  },
  {
    name: 'filters',
    title: 'Filters',
    sql: [
      {
        functions: [
          'hookline.filter_problem',
          'hookline.operator_matches',
          'hookline.filter_step',
          'hookline.filter_matches',
        ],
        tests: [
          'test/conformance/spec-filters.test.ts',
          'test/property/filter-steps.test.ts',
          'test/property/filters.test.ts',
          'test/property/filter-limits.test.ts',
        ],
      },
      { functions: ['hookline.condition_cost'], tests: ['test/property/filter-steps.test.ts'] },
      {
        functions: [
          'hookline.all_hold',
          'hookline.explain_condition',
          'hookline.explain_filter',
          'hookline.test_filter',
        ],
        tests: ['test/integration/api-filters-test.test.ts', 'test/property/filter-explanations.test.ts'],
      },
    ],
  },
  {
    name: 'retry-schedule',
    title: 'The retry schedule',
    typescript: ['packages/receiver/src/retry-after.ts'],
    sql: [{ functions: ['hookline.retry_delay'], tests: ['test/integration/retry-delay.test.ts'] }],
  },
  {
    name: 'state-machine',
    title: 'The states of a delivery',
    typescript: ['src/deliver/send/failure.ts'],
    sql: [
      {
        functions: ['hookline.record_results'],
        tests: ['test/conformance/delivery-states.test.ts', 'test/conformance/delivery-results.test.ts'],
      },
      { functions: ['hookline.complete_delivery'], tests: ['test/conformance/deliveries-by-hand.test.ts'] },
      {
        functions: ['public.retry_failed_delivery', 'public.complete_webhook_delivery'],
        tests: ['test/conformance/spec-retry-failed.test.ts', 'test/conformance/spec-complete-delivery.test.ts'],
      },
      {
        functions: ['hookline.fail_waiting', 'hookline.free_dead_leases', 'hookline.free_leases'],
        tests: ['test/conformance/lease-ends.test.ts'],
      },
    ],
  },
];
