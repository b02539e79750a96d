import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { ATTEMPT_CODES, codeOf } from '../../src/deliver/count-attempt.js';
import type { Outcome } from '../../src/deliver/stages.js';
import { createDeliveryMetrics } from '../../src/observe/metrics/delivery-metrics.js';
import { RollbackCounter } from '../../src/observe/rollbacks.js';
import { parse } from '../integration/metrics-helpers.js';

async function counted(count: (metrics: ReturnType<typeof createDeliveryMetrics>) => void) {
  const registry = new Registry();
  count(createDeliveryMetrics(registry));
  return parse(await registry.metrics());
}

describe('what a worker counts', () => {
  it('begins at 0 for every outcome and code there is, so that the first one has a rate', async () => {
    const { values, value } = await counted((metrics) =>
      metrics.begin(ATTEMPT_CODES, () => ({ inFlight: 3, waiting: 4 })),
    );
    const series = [...values].filter(([name]) => name.startsWith('hookline_attempts_total'));
    expect(series).toHaveLength(3 + 4 * ATTEMPT_CODES.length);
    expect(series.every(([, n]) => n === 0)).toBe(true);
    expect(value('hookline_worker_deliveries{state="in_flight"}')).toBe(3);
    expect(value('hookline_worker_deliveries{state="waiting"}')).toBe(4);
  });

  it('has a time that the clocks make negative for none', async () => {
    const { value } = await counted((metrics) => metrics.firstByte(-5));
    expect(value('hookline_trigger_to_first_byte_seconds_bucket{le="0.002"}')).toBe(1);
    expect(value('hookline_trigger_to_first_byte_seconds_sum')).toBe(0);
  });

  it('tells late results from those that PostgreSQL refused', async () => {
    const { value } = await counted((metrics) => {
      metrics.attempted('late', undefined, 10);
      metrics.attempted('dropped', 'http_server_error', 10);
    });
    expect(value('hookline_attempts_total{outcome="late",code="none"}')).toBe(1);
    expect(value('hookline_attempts_total{outcome="dropped",code="http_server_error"}')).toBe(1);
  });

  it('counts each deadlock and serialization failure, and no other error', async () => {
    const { value } = await counted((metrics) => {
      const rollbacks = new RollbackCounter(() => metrics.rolledBack());
      for (const code of ['40P01', '40001', '23505', '57014']) rollbacks.note(Object.assign(new Error(), { code }));
    });
    expect(value('hookline_rolled_back_transactions_total')).toBe(2);
  });

  it('has a code of the catalogue for every answer', () => {
    for (let status = 200; status <= 999; status += 1) {
      const outcome: Outcome = { kind: 'responded', status, headers: {}, body: '', timeMs: 1 };
      const code = codeOf(outcome);
      if (status <= 299) expect(code).toBeUndefined();
      else expect(ATTEMPT_CODES).toContain(code);
    }
  });
});
