import { Registry } from 'prom-client';
import type { Database } from '../../db/database.js';
import type { Logger } from '../log.js';
import { type LoopLog, loopLogOf } from '../outage.js';
import { createDeliveryMetrics, type DeliveryMetrics } from './delivery-metrics.js';
import { isAnswer, readFigures } from './figures.js';
import { createFleetMetrics } from './fleet-metrics.js';
import { createHttpMetrics, type HttpMetrics } from './http-metrics.js';
import { Look, type LookTimes } from './look.js';
import { createLoopMetrics, type LoopMetrics } from './loop-metrics.js';
import { registerPoolMetrics } from './pool-metrics.js';
import { type About, nodeMetrics, registerProcessMetrics } from './process-metrics.js';
import { createReceiverMetrics, type Unfinished } from './receiver-metrics.js';

export interface MetricsOptions extends About {
  readonly db: Database;
  readonly log: Logger;
  /** Asks the receiver's store what is unfinished. */
  readonly unfinished: () => Promise<Unfinished>;
  /** The database of that store; absent: `db`. */
  readonly storedIn?: object | undefined;
  readonly times?: LookTimes;
}

/** A scrape, in Prometheus' text format. */
export interface Scrape {
  readonly contentType: string;
  readonly text: string;
}

/** What one process counts and tells, in a registry of its own. */
export interface Metrics {
  readonly deliveries: DeliveryMetrics;
  readonly loops: LoopMetrics;
  readonly http: HttpMetrics;
  /** All of it, as of now. Takes little more than two seconds, whatever the databases do, and never throws for them. */
  scrape(): Promise<Scrape>;
}

/** Makes the metrics of a process; those of a part that it does not run are left out, and counting there costs nothing. */
export function createMetrics(options: MetricsOptions): Metrics {
  const { db, log, unfinished, storedIn = db, times } = options;
  const registry = new Registry();
  const ofNode = nodeMetrics();
  registerProcessMetrics(registry, options);
  registerPoolMetrics(registry, db);
  const fleet = createFleetMetrics(registry);
  const receiver = createReceiverMetrics(registry);
  const figures = new Look(
    telling(loopLogOf(db, log), 'metrics.figures_failed', () => readFigures(db)),
    times,
  );
  const pending = new Look(telling(loopLogOf(storedIn, log), 'metrics.receiver_store_failed', unfinished), times);

  async function ask(): Promise<void> {
    const [figured, left] = await Promise.allSettled([figures.value(), pending.value()]);
    const isFigured = figured.status === 'fulfilled';
    fleet.set(isFigured ? figured.value : undefined, isFigured || isAnswer(figured.reason));
    receiver.set(left.status === 'fulfilled' ? left.value : undefined);
  }

  return {
    deliveries: createDeliveryMetrics(options.worker ? registry : new Registry()),
    loops: createLoopMetrics(options.worker ? registry : new Registry()),
    http: createHttpMetrics(options.api ? registry : new Registry()),
    async scrape() {
      await ask();
      const parts = await Promise.all([registry.metrics(), ofNode.metrics()]);
      return { contentType: registry.contentType, text: parts.join('\n') };
    },
  };
}

/** `find`, with its failures in the log. */
function telling<T>(loopLog: LoopLog, what: string, find: () => Promise<T>): () => Promise<T> {
  return async () => {
    try {
      const found = await find();
      loopLog.worked(what);
      return found;
    } catch (error) {
      loopLog.failed(what, error);
      throw error;
    }
  };
}
