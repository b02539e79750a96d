import type { components, DeliveryChange, HooklineClient } from '@hookline/client';
import { counted } from '../../../../doctor/told.js';
import type { StreamQuery } from '../filter.js';
import { follow } from '../follow.js';
import { clockOf, oneLine } from '../text.js';

type Accepted = components['schemas']['AcceptedEvent'];
export type Followed = Pick<
  DeliveryChange['delivery'],
  | 'id'
  | 'webhook_id'
  | 'status'
  | 'attempt_number'
  | 'response_status'
  | 'response_time_ms'
  | 'error_code'
  | 'next_retry_at'
>;

export interface WaitRun {
  readonly client: HooklineClient;
  /** Whose deliveries, and of which type, the event makes. */
  readonly query: StreamQuery;
  /** Triggers it; called once, when nothing can be missed any more. */
  readonly trigger: () => Promise<Accepted>;
  /** Is told how far it has come, in words. */
  readonly onProgress: (text: string) => void;
}

/** What of it is seen when it is stopped. */
export class Waiting {
  accepted: Accepted | undefined;
  readonly #deliveries = new Map<string, Followed>();

  start(accepted: Accepted): void {
    this.accepted = accepted;
    for (const { id, webhook_id } of accepted.deliveries) {
      this.#deliveries.set(id, {
        ...{ id, webhook_id, status: 'pending', attempt_number: 0 },
        ...{ response_status: null, response_time_ms: null, error_code: null, next_retry_at: null },
      });
    }
  }

  saw(delivery: Followed): void {
    if (this.#deliveries.has(delivery.id)) this.#deliveries.set(delivery.id, delivery);
  }

  get deliveries(): readonly Followed[] {
    return [...this.#deliveries.values()];
  }

  get unfinished(): readonly Followed[] {
    return this.deliveries.filter(({ status }) => status === 'pending' || status === 'retrying');
  }
}

/**
 * Triggers an event and follows its deliveries until each has succeeded or failed, or `stop` is aborted; then throws its reason. `waiting` has what was seen.
 * Throws what the stream, the trigger and the list throw.
 */
export async function triggerAndWait(run: WaitRun, waiting: Waiting, stop: AbortSignal): Promise<void> {
  const { client, query, trigger, onProgress } = run;
  for await (const item of follow({ client, query, stop })) {
    if ('delivery' in item) {
      waiting.saw(item.delivery);
    } else if (item.kind === 'gap') {
      if (waiting.accepted !== undefined) await look(client, waiting.accepted, waiting, stop);
    } else {
      const accepted = await trigger();
      waiting.start(accepted);
      // Those of a duplicate may have ended long ago.
      if (accepted.duplicate) await look(client, accepted, waiting, stop);
    }
    if (waiting.accepted !== undefined && waiting.unfinished.length === 0) return;
    onProgress(progressOf(waiting));
  }
  stop.throwIfAborted();
}

async function look(
  client: HooklineClient,
  { event_id }: Accepted,
  waiting: Waiting,
  signal: AbortSignal,
): Promise<void> {
  const params = { query: { event_id, limit: 100 } };
  for await (const delivery of client.each('/v1/deliveries', { params, signal })) waiting.saw(delivery);
}

function progressOf({ deliveries, unfinished }: Waiting): string {
  const retries = unfinished.flatMap(({ status, next_retry_at }) =>
    status === 'retrying' && next_retry_at !== null ? [next_retry_at] : [],
  );
  const next = retries.toSorted()[0];
  const again = next === undefined ? '' : `, ${retries.length} to be tried again, next at ${clockOf(next)}`;
  const ended = deliveries.length - unfinished.length;
  return oneLine(`${ended} of ${counted(deliveries.length, 'delivery has', 'deliveries have')} ended${again}`);
}
