import { type components, ok } from '@hookline/client';
import { printable, printableLine } from '../../printable.js';
import { type Cell, pairsOf } from '../../table.js';
import { secondOf } from '../../times.js';
import type { ConnectionOptions } from '../connection.js';
import { painted, printLine, printRows, safeJson } from '../output.js';
import type { Column } from '../rows.js';
import { withServer } from '../run.js';

type Delivery = components['schemas']['Delivery'];
type Attempt = components['schemas']['Attempt'];
type Headers = Delivery['request_headers'];

const ATTEMPT_COLUMNS: readonly Column<Attempt>[] = [
  { name: '#', of: ({ attempt_number: number }) => number },
  { name: 'at', of: ({ attempted_at: at }) => secondOf(at) },
  { name: 'answer', of: ({ response_status: status }) => status },
  { name: 'ms', of: ({ response_time_ms: time }) => time },
  { name: 'error', of: ({ error_code: code }) => code, cutTo: 12 },
  { name: 'why', of: ({ error_message: message }) => message, cutTo: 20, isOptional: true },
  { name: 'late', of: ({ is_late: isLate }) => (isLate ? 'late' : null), isOptional: true },
];

/** `deliveries show`: the delivery, its request, its answer, and its attempts, the first one first. */
export async function showDelivery(id: string, options: ConnectionOptions): Promise<void> {
  await withServer(options, async ({ client }) => {
    const params = { path: { delivery_id: id } };
    // As texts: JavaScript would round large numbers of a payload.
    const [delivery, attempts, body] = await Promise.all([
      client.GET('/v1/deliveries/{delivery_id}', { params, parseAs: 'text' }).then(ok),
      client.GET('/v1/deliveries/{delivery_id}/attempts', { params, parseAs: 'text' }).then(ok),
      client.GET('/v1/deliveries/{delivery_id}/body', { params, parseAs: 'text' }).then(ok),
    ]);
    const { data }: { data: Attempt[] } = JSON.parse(attempts);
    if (options.json) printLine(safeJson(withAttempts(delivery, attempts)));
    else printParts(JSON.parse(delivery), data, body);
  });
}

function printParts(delivery: Delivery, attempts: readonly Attempt[], body: string): void {
  const { response_status: status, response_time_ms: time } = delivery;
  printLine(pairsOf(pairs(delivery)));
  part('Request', `${delivery.request_method} ${delivery.request_url}`);
  printHeaders(delivery.request_headers);
  printLine(`\n${printable(indented(body))}`);
  const answered = status === null ? 'none yet, or none at all' : `${status}${time === null ? '' : ` in ${time} ms`}`;
  part('Answer', answered);
  printHeaders(delivery.response_headers);
  if (delivery.response_body) printLine(`\n${printable(delivery.response_body).trimEnd()}`);
  part('Attempts', String(attempts.length));
  printRows(ATTEMPT_COLUMNS, [...attempts].reverse());
}

function pairs(delivery: Delivery): [string, Cell][] {
  const { status, error_code: code, error_message: why } = delivery;
  const all: [string, Cell][] = [
    ['delivery', delivery.id],
    ['status', `${status}, attempt ${delivery.attempt_number} of ${delivery.max_attempts}`],
    ['error', code === null ? null : `${why ?? ''} (${code})`],
    ['next attempt', status === 'retrying' ? secondOf(delivery.next_retry_at) : null],
    ['event type', delivery.event_type],
    ['event', delivery.event_id],
    ['replay of', delivery.replay_of],
    ['webhook', delivery.webhook_id],
    ['user', delivery.user_id],
    ['created', secondOf(delivery.created_at)],
    ['ended', secondOf(delivery.delivered_at ?? delivery.failed_at)],
  ];
  return all.filter(([, value]) => value !== null);
}

function part(title: string, text: string): void {
  printLine(`\n${painted('bold', title)}  ${printableLine(text)}`);
}

function printHeaders(headers: Headers): void {
  for (const [name, value] of Object.entries(headers ?? {})) {
    printLine(`${painted('dim', `${printableLine(name)}:`)} ${printableLine(String(value))}`);
  }
}

/** Indented, unless that changes a number. */
function indented(json: string): string {
  const value: unknown = JSON.parse(json);
  return JSON.stringify(value) === json ? JSON.stringify(value, null, 2) : json;
}

/** Both answers as they came. Throws a SyntaxError where they are no delivery and no list. */
function withAttempts(delivery: string, attempts: string): string {
  const list = attempts.slice(attempts.indexOf('['), attempts.lastIndexOf(']') + 1);
  const text = `${delivery.trimEnd().slice(0, -1)},"attempts":${list}}`;
  JSON.parse(text);
  return text;
}
