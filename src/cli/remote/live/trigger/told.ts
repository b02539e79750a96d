import type { components } from '@hookline/client';
import { counted } from '../../../../doctor/told.js';
import { type Column, note, printJson, printLine, printRows } from '../../output.js';
import { oneLine } from '../text.js';
import type { Followed } from './wait.js';

type Accepted = components['schemas']['AcceptedEvent'];
type Made = Accepted['deliveries'][number];
type Row = Made & Partial<Followed>;

const MADE: readonly Column<Row>[] = [
  { name: 'delivery', of: ({ id }) => oneLine(id) },
  { name: 'url', of: ({ url }) => withoutCredentials(oneLine(url)), cutTo: 20, isOptional: true },
];
const ENDED: readonly Column<Row>[] = [
  ...MADE.slice(0, 1),
  {
    name: 'status',
    of: ({ status }) => oneLine(status),
    style: ({ status }) => (status === 'success' ? 'green' : status === 'failed' ? 'red' : 'yellow'),
  },
  { name: 'attempts', of: ({ attempt_number }) => attempt_number ?? 0 },
  { name: 'answer', of: ({ response_status, error_code }) => oneLine(response_status ?? error_code ?? '-') },
  ...MADE.slice(1),
];

/** Prints what an event has become: a word and a table, or the server's answer with what the deliveries are now. */
export function tellTriggered(
  type: string,
  accepted: Accepted,
  { json, followed }: { readonly json: boolean; readonly followed?: readonly Followed[] },
): void {
  const states = new Map(followed?.map((delivery) => [delivery.id, delivery]));
  const rows: readonly Row[] = accepted.deliveries.map((made) => ({ ...made, ...states.get(made.id) }));
  if (json) {
    printJson({ ...accepted, deliveries: rows });
    return;
  }
  printLine(`${type}  ${oneLine(accepted.event_id)}  ${counted(rows.length, 'delivery', 'deliveries')}`);
  if (accepted.duplicate) note('It was triggered before under this idempotency key: this is what it became then.');
  const { skipped = 0 } = accepted;
  if (skipped > 0) {
    note(
      `${counted(skipped, 'user was', 'users were')} passed over: as many of their deliveries as are allowed have not ended.`,
    );
  }
  if (rows.length > 0) printRows(followed === undefined ? MADE : ENDED, rows);
  else if (skipped === 0)
    note('No active webhook of these users subscribes to it, with a filter that lets it through.');
}

/** A subscriber's password is in the URL at times, and a terminal is seen by others. */
function withoutCredentials(url: string): string {
  return url.replace(/^(https?:\/\/)[^/?#]*@/i, '$1');
}
