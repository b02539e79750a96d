import type { DeliveryChange, HooklineClient } from '@hookline/client';
import { note, painted, printJson, printLine, type Style } from '../output.js';
import type { StreamQuery } from './filter.js';
import { follow } from './follow.js';
import { interruptions } from './interruptions.js';
import { answerOf, clockOf, oneLine } from './text.js';

const STYLES: Readonly<Record<DeliveryChange['kind'], Style>> = {
  created: 'dim',
  retrying: 'yellow',
  attempted: 'yellow',
  succeeded: 'green',
  failed: 'red',
};
const KIND_WIDTH = 9;

export interface TailRun {
  readonly client: HooklineClient;
  readonly query: StreamQuery;
  /** Ends after so many lines; absent: only by `stop`. */
  readonly limit?: number | undefined;
  readonly json: boolean;
}

/** Prints deliveries as they are made and as they change, a line each, until `limit` lines or `stop`. Throws what the stream throws. */
export async function runTail({ client, query, limit, json }: TailRun, stop: AbortSignal): Promise<void> {
  const connection = interruptions(json);
  let lines = 0;
  for await (const item of follow({ client, query, stop, onInterrupted: connection.broke })) {
    connection.isBack();
    if (item.kind === 'open') {
      note('Waiting for deliveries. Ctrl-C ends it.', { json });
      continue;
    }
    if (json) printJson(item);
    else if (!('delivery' in item)) note('Some changes cannot be told any more: hookline deliveries list has them.');
    else printLine(lineOf(item));
    if ('delivery' in item) lines += 1;
    if (lines === limit) return;
  }
}

/** One line for people about a change. */
export function lineOf({ kind, changed_at, delivery }: DeliveryChange): string {
  const { id, event_type, response_status, response_time_ms, attempt_number, max_attempts, error_code } = delivery;
  const isFirst = attempt_number < 2 && kind !== 'retrying';
  const rest = [
    oneLine(event_type),
    ...(isFirst ? [] : [oneLine(`attempt ${attempt_number} of ${max_attempts}`)]),
    ...(kind === 'succeeded' || error_code === null ? [] : [oneLine(error_code)]),
  ];
  const shown = painted(STYLES[kind], kind.padEnd(KIND_WIDTH));
  return `${clockOf(changed_at)}  ${shown}  ${answerOf(response_status, response_time_ms)}  ${id}  ${rest.join('  ')}`;
}
