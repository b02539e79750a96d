import { ok } from '@hookline/client';
import type { Command } from 'commander';
import { watchSignals } from '../../../start/signals.js';
import { type ConfirmOptions, confirm } from '../confirm.js';
import type { ConnectionOptions } from '../connection.js';
import { note, printDone, printPairs } from '../output.js';
import { withServer } from '../run.js';
import { deliveriesOf, durationOf, replayPairs } from './text.js';
import { watchReplay } from './watch.js';

interface ReplayOptions extends ConnectionOptions, ConfirmOptions {
  readonly since: string;
  readonly until?: string;
  readonly status: 'failed' | 'all';
  readonly rate: number;
  readonly dryRun?: boolean;
  /** False with `--no-wait`. */
  readonly wait: boolean;
}

/** `replay <webhook>`: counts, asks, begins, and watches to the end. */
export async function startReplay(id: string, options: ReplayOptions, command: Command): Promise<void> {
  const { since, until, status, rate, dryRun = false, wait, json = false } = options;
  const path = '/v1/webhooks/{webhook_id}/replays';
  await withServer(options, async (connection) => {
    const { client } = connection;
    const params = { path: { webhook_id: id } };
    const webhook = ok(await client.GET('/v1/webhooks/{webhook_id}', { params }));
    const body = { since, status, rate_per_second: rate, ...(until !== undefined && { until }) };
    const { total } = ok(await client.POST(path, { params, body: { ...body, dry_run: true } }));
    if (!Number.isInteger(total)) throw new TypeError('it has no count');
    const what = `${deliveriesOf(total)} of ${webhook.name} (${webhook.url})`;
    if (dryRun || total === 0) {
      printDone(total === 0 ? 'There is nothing to send again.' : `Would send again: ${what}.`, { total }, options);
      return;
    }
    note(`${what}, ${durationOf(Math.ceil(total / rate))} at ${rate} a second.`, options);
    await confirm('Send them again', options, command);
    // From here on Ctrl-C must not leave it open whether it has begun.
    const stopping = watchSignals(() => undefined);
    const begun = ok(await client.POST(path, { params, body }));
    if (!('id' in begun)) throw new TypeError('it is no replay');
    note(`Replay ${begun.id} has begun.`, options);
    if (wait) await watchReplay(connection, begun.id, { json }, stopping);
    else printPairs(replayPairs(begun), begun, options);
  });
}
