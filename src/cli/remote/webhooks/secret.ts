import { ok } from '@hookline/client';
import type { Command } from 'commander';
import { DAY_S } from '../../numbers.js';
import { timeOf } from '../../times.js';
import { type ConfirmOptions, confirm } from '../confirm.js';
import type { ConnectionOptions } from '../connection.js';
import { note, printDone, printSecret } from '../output.js';
import { withServer } from '../run.js';

/** `webhooks secret`: the secret that signs now, alone on standard output. */
export async function showSecret(id: string, options: ConnectionOptions): Promise<void> {
  await withServer(options, async ({ client }) => {
    const answer = ok(await client.GET('/v1/webhooks/{webhook_id}/secret', { params: { path: { webhook_id: id } } }));
    printSecret(answer.secret, answer, options);
  });
}

/** `webhooks rotate-secret`: the new secret, alone on standard output. */
export async function rotateSecret(
  id: string,
  options: ConnectionOptions & ConfirmOptions & { readonly overlap?: number },
  command: Command,
): Promise<void> {
  const { overlap = DAY_S } = options;
  await withServer(options, async ({ client }) => {
    const path = { webhook_id: id };
    // With an overlap nothing breaks.
    if (overlap === 0) {
      const { name } = ok(await client.GET('/v1/webhooks/{webhook_id}', { params: { path } }));
      await confirm(
        `Rotate the secret of ${name} with no overlap, so that every earlier secret ends now`,
        options,
        command,
      );
    }
    const body = { overlap_seconds: overlap };
    const answer = ok(await client.POST('/v1/webhooks/{webhook_id}/secret/rotate', { params: { path }, body }));
    printSecret(answer.secret, answer, options);
    const until =
      overlap === 0
        ? 'Earlier secrets sign no more.'
        : `The earlier one signs beside it until ${timeOf(answer.overlap_ends_at)}.`;
    note(until, options);
  });
}

/** `webhooks end-overlap`. */
export async function endOverlap(
  id: string,
  options: ConnectionOptions & ConfirmOptions,
  command: Command,
): Promise<void> {
  await withServer(options, async ({ client }) => {
    const path = { webhook_id: id };
    const webhook = ok(await client.GET('/v1/webhooks/{webhook_id}', { params: { path } }));
    if (webhook.secret_overlap_ends_at !== null) {
      await confirm(`End the overlap of ${webhook.name}, so that the current secret alone signs`, options, command);
    }
    const answer = ok(await client.POST('/v1/webhooks/{webhook_id}/secret/end-overlap', { params: { path } }));
    const { ended_count: count } = answer;
    printDone(count === 0 ? 'No earlier secret signed.' : 'The current secret alone signs now.', answer, options);
  });
}
