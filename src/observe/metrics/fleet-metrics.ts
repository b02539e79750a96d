import { Gauge, type Registry } from 'prom-client';
import type { Figures } from './figures.js';

/** What a scrape found out of the whole installation; undefined: nothing, and then nothing is told. */
export interface FleetMetrics {
  set(figures: Figures | undefined, isDatabaseUp: boolean): void;
}

export const FLEET = 'Of the whole installation: every process tells the same, so take max by (...), never a sum.';

/** Registers what the database knows of the whole installation. */
export function createFleetMetrics(registry: Registry): FleetMetrics {
  const gauge = <Label extends string>(name: string, help: string, labelNames: readonly Label[] = []) =>
    new Gauge({ name, help, labelNames, registers: [registry] });
  const up = gauge(
    'hookline_database_up',
    'Whether the database answered this process within 2 s at this scrape. Without an answer there are no figures of the whole installation.',
  );
  const queue = gauge(
    'hookline_queue_deliveries',
    `Unfinished deliveries: ready to go (also while a cap or a rate limit holds them back), held (their webhook is paused, inactive, unverified where that counts, or its breaker is open), scheduled (a retry whose time has not come), in_flight. 100,000 are counted at most. ${FLEET}`,
    ['state'],
  );
  const oldest = gauge(
    'hookline_queue_oldest_seconds',
    `How long the delivery that has waited longest has been ready to go; 0: none is. What its webhook holds back (held, ordered, at a rate limit) does not count. ${FLEET}`,
  );
  const late = gauge(
    'hookline_queue_late_deliveries',
    `Deliveries that have been ready for more than a minute, and that their webhooks do not hold back. ${FLEET}`,
  );
  const capped = gauge('hookline_queue_is_capped', `1: there is more in the queue than was counted. ${FLEET}`);
  const workers = gauge(
    'hookline_workers',
    `Workers whose heartbeat is younger than 15 s, by state (busy, idle: waits to be told of work). ${FLEET}`,
    ['state'],
  );
  const webhooks = gauge(
    'hookline_webhooks',
    `Webhooks in each condition; one may be in several: breaker_open, breaker_probing (its pause is over, and the next delivery is a probe), paused, disabled (by the system), unverified, failing (no success since the first of its failures in a row). 10,000 of each are counted at most. ${FLEET}`,
    ['condition'],
  );
  const size = gauge('hookline_database_size_bytes', `Size of the database on its disk. ${FLEET}`);
  const all = [queue, oldest, late, capped, workers, webhooks, size] as const;

  return {
    set(figures, isDatabaseUp) {
      up.set(isDatabaseUp ? 1 : 0);
      for (const one of all) forget(one);
      if (figures === undefined) return;
      for (const state of ['ready', 'held', 'scheduled'] as const) queue.set({ state }, figures[state]);
      queue.set({ state: 'in_flight' }, figures.inFlight);
      oldest.set(figures.oldestSeconds);
      late.set(figures.late);
      capped.set(figures.isCapped ? 1 : 0);
      workers.set({ state: 'busy' }, figures.workersBusy);
      workers.set({ state: 'idle' }, figures.workersIdle);
      webhooks.set({ condition: 'breaker_open' }, figures.breakerOpen);
      webhooks.set({ condition: 'breaker_probing' }, figures.breakerProbing);
      for (const condition of ['paused', 'disabled', 'unverified', 'failing'] as const)
        webhooks.set({ condition }, figures[condition]);
      if (figures.databaseBytes !== null) size.set(figures.databaseBytes);
    },
  };
}

/** Leaves a gauge without a value: an old one, or 0, would be a lie. `reset` sets one without labels to 0. */
export function forget(gauge: Gauge<string>): void {
  gauge.reset();
  gauge.remove({});
}
