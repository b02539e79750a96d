import { openPostgres } from '../../src/db/pg.js';
import { ENDPOINTS } from '../contenders/contender.js';
import { rounded } from '../numbers.js';
import type { Row, Section } from '../report/section.js';
import type { Sizes } from '../sizes.js';
import { createMigrated } from '../stand/postgres.js';
import type { Stand } from '../stand/stand.js';
import { payloads, registerWebhooks, trigger, untilRecorded } from '../stand/work.js';
import { startWorkerProcess } from '../stand/worker.js';

const FAN_OUTS = [1, 10, 1000];
/** Checks of foreign keys are PostgreSQL's own, one a row. */
const CALLS = `SELECT coalesce(sum(calls) FILTER (WHERE toplevel), 0)::int AS top, coalesce(sum(calls), 0)::int AS all
FROM pg_stat_statements WHERE query NOT LIKE '%FOR KEY SHARE OF x'`;
const TEXT_LENGTH = 60;

interface Calls {
  readonly top: number;
  readonly all: number;
}

/** SQL statements a delivery and an event, as pg_stat_statements counts them. */
export async function statements({ built, postgres, receivers }: Stand, sizes: Sizes): Promise<Section> {
  const { db, url, close } = await createMigrated(postgres, 'bench_statements');
  const counted = (kinds: 'top' | 'all'): string => {
    const address = new URL(url);
    address.searchParams.set('options', `-c pg_stat_statements.track=${kinds}`);
    return address.href;
  };
  try {
    await db.query('CREATE EXTENSION pg_stat_statements', []);
    await registerWebhooks(db, receivers, ENDPOINTS);
    const child = await startWorkerProcess(built, { url: counted('top') });
    const deliveries = ENDPOINTS * Math.ceil(sizes.deliveries / ENDPOINTS);
    const rows: Row[] = [];
    await receivers.reset();
    await db.query('SELECT pg_stat_statements_reset()', []);
    await trigger(db, payloads(deliveries / ENDPOINTS));
    await untilRecorded(db, receivers, deliveries);
    const { rows: calls } = await db.query<Calls>(CALLS, []);
    const { rows: busiest } = await db.query<{ text: string; calls: number; ms: number }>(
      `SELECT regexp_replace(query, '\\s+', ' ', 'g') AS text, calls::int AS calls, total_exec_time::float8 AS ms FROM pg_stat_statements WHERE toplevel ORDER BY calls DESC`,
      [],
    );
    await child.stop();
    const each = rounded((calls[0]?.top ?? Number.NaN) / deliveries, 4);
    rows.push({ statement: `all of the worker, for ${deliveries} deliveries`, calls: calls[0]?.top ?? 0 });
    for (const one of busiest) {
      rows.push({ statement: one.text.slice(0, TEXT_LENGTH), calls: one.calls, 'ms in all': rounded(one.ms, 0) });
    }

    const events: Calls[] = [];
    let registered = 0;
    const app = openPostgres({ connectionString: counted('all') });
    await db.query('UPDATE webhook_event_subscriptions SET is_active = false', []);
    for (const fanOut of FAN_OUTS) {
      await registerWebhooks(db, receivers, fanOut - registered);
      registered = fanOut;
      await db.query('SELECT pg_stat_statements_reset()', []);
      await app.query("SELECT count(*) FROM trigger_webhook_event('video.generated', $1)", payloads(1));
      const { rows: of } = await db.query<Calls>(CALLS, []);
      events.push(of[0] ?? { top: Number.NaN, all: Number.NaN });
      rows.push({
        statement: `an event that reaches ${fanOut} webhooks; with those inside its function: ${of[0]?.all}`,
        calls: of[0]?.top ?? 0,
      });
    }
    await app.close();
    return {
      name: 'statements',
      title: 'SQL statements',
      says:
        'Calls of top-level statements by pg_stat_statements, BEGIN and COMMIT included, of the connections of the worker while it makes the ' +
        'deliveries, and of an application that triggers one event.',
      rows,
      targets: [
        { what: 'statements a delivery', value: each, atMost: 0.05 },
        { what: 'statements an event, at the largest fan-out', value: events.at(-1)?.top ?? Number.NaN, atMost: 1 },
        {
          what: 'statements of an event inside its function, largest fan-out over smallest',
          value: rounded((events.at(-1)?.all ?? Number.NaN) / (events[0]?.all ?? Number.NaN)),
          atMost: 1,
        },
      ],
    };
  } finally {
    await close();
  }
}
