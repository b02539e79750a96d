import { Gauge, type Registry } from 'prom-client';
import type { Database } from '../../db/database.js';

/** Registers the use of the database's connections; nothing where there is one alone. Asks nobody. */
export function registerPoolMetrics(registry: Registry, db: Pick<Database, 'connections'>): void {
  const { connections } = db;
  if (connections === undefined) return;
  const registers = [registry];
  new Gauge({
    name: 'hookline_pool_connections',
    help: 'Connections of this process to PostgreSQL, but for those that listen, by state (busy, idle).',
    labelNames: ['state'] as const,
    registers,
    collect() {
      const { total, idle } = connections();
      this.set({ state: 'busy' }, total - idle);
      this.set({ state: 'idle' }, idle);
    },
  });
  new Gauge({
    name: 'hookline_pool_max_connections',
    help: 'How many connections the pool makes at most.',
    registers,
    collect() {
      this.set(connections().max);
    },
  });
  new Gauge({
    name: 'hookline_pool_waiting',
    help: 'What waits for a connection of the pool just now.',
    registers,
    collect() {
      this.set(connections().waiting);
    },
  });
}
