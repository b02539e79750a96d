import { inPartitions } from '../harness/databases.js';

/** The life of a delivery as the specification has it, with deliveries in partitions. The query makes modules of their own of these files, which run by themselves, too. */
const SUITES = [
  './spec-trigger.test.js',
  './spec-complete-delivery.test.js',
  './spec-retry-failed.test.js',
  './spec-pending-retries.test.js',
  './spec-counters.test.js',
  './spec-statistics.test.js',
  './attempts-view.test.js',
  '../integration/erasure.test.js',
  '../integration/replay.test.js',
  '../integration/trigger-idempotency.test.js',
  '../integration/api-deliveries.test.js',
];

await inPartitions(async () => {
  for (const suite of SUITES) await import(/* @vite-ignore */ `${suite}?in=partitions`);
});
