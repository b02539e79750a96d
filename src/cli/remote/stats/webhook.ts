import { ok } from '@hookline/client';
import { number } from '../../words.js';
import type { ConnectionOptions } from '../connection.js';
import { printJson, printLine, printPairs, printRows } from '../output.js';
import { withServer } from '../run.js';
import { HOUR_COLUMNS, part, percent } from './text.js';

const DEFAULT_HOURS = 24;

interface WebhookStatsOptions extends ConnectionOptions {
  readonly hours?: number;
  readonly days?: number;
}

/** `stats <webhook>`: by the hour, or with `--days` by UTC day and event type. */
export async function webhookStats(id: string, options: WebhookStatsOptions): Promise<void> {
  if (options.days === undefined) await byHours(id, options.hours ?? DEFAULT_HOURS, options);
  else await byDays(id, options.days, options);
}

async function byHours(id: string, hours: number, options: ConnectionOptions): Promise<void> {
  await withServer(options, async ({ client }) => {
    const params = { path: { webhook_id: id }, query: { hours } };
    const { data } = ok(await client.GET('/v1/webhooks/{webhook_id}/statistics/hourly', { params }));
    printRows(HOUR_COLUMNS, data, { json: options.json, empty: `Nothing has ended in the last ${hours} hours.` });
  });
}

async function byDays(id: string, days: number, options: ConnectionOptions): Promise<void> {
  await withServer(options, async ({ client }) => {
    const params = { path: { webhook_id: id }, query: { days } };
    const statistics = ok(await client.GET('/v1/webhooks/{webhook_id}/statistics', { params }));
    if (options.json) {
      printJson(statistics);
      return;
    }
    const { success_rate: rate, avg_response_time_ms: average } = statistics;
    printLine(`The last ${days} days`);
    printPairs(
      [
        ['deliveries', number(statistics.total_deliveries)],
        ['successful', number(statistics.successful_deliveries)],
        ['failed', number(statistics.failed_deliveries)],
        ['success', percent(rate)],
        ['average', average === null ? null : `${Math.round(average)} ms`],
      ],
      statistics,
    );
    counts('By day', 'day', statistics.deliveries_by_day);
    counts('By event type', 'event type', statistics.deliveries_by_event_type);
  });
}

function counts(title: string, name: string, of: Readonly<Record<string, number>>): void {
  const rows = Object.entries(of).map(([key, count]) => ({ key, count }));
  if (rows.length === 0) return;
  part(title);
  printRows(
    [
      { name, of: ({ key }) => key, cutTo: 16 },
      { name: 'deliveries', of: ({ count }) => number(count) },
    ],
    rows,
  );
}
