import { performance } from 'node:perf_hooks';
import type { Lanes } from './lanes.js';

const LOOK_MS = 50;
/** Share of the time that the event loop is busy. */
const SATURATED = 0.97;
const RELAXED = 0.9;
/** In small steps: calls to endpoints that hang take places too, and what is beside them must go on. */
const FEWER = 8;
const MORE = 16;
const LEAST = 48;

/**
 * Lets fewer calls be in flight for as long as they wait for this process instead of for their endpoints: each connection more then only costs (a call
 * took 72 us over 160 connections, 53 over 64). Up to `most` as soon as there is time again. Gives what ends it.
 */
export function adaptConcurrency(lanes: Lanes, most: number): () => void {
  let concurrency = most;
  let before = performance.eventLoopUtilization();
  const timer = setInterval(() => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, before);
    before = now;
    if (utilization > SATURATED) concurrency = Math.max(LEAST, Math.min(concurrency, lanes.inFlight) - FEWER);
    else if (utilization < RELAXED) concurrency += MORE;
    concurrency = Math.min(concurrency, most);
    lanes.concurrency = concurrency;
  }, LOOK_MS);
  return () => clearInterval(timer);
}
