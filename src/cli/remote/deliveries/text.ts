import type { components } from '@hookline/client';
import { minuteOf } from '../../times.js';
import type { Column } from '../rows.js';
import type { Style } from '../style.js';

export type DeliverySummary = components['schemas']['DeliverySummary'];
export type DeliveryStatus = DeliverySummary['status'];

const STYLES: Readonly<Record<DeliveryStatus, Style>> = {
  pending: 'cyan',
  success: 'green',
  retrying: 'yellow',
  failed: 'red',
};

/** Of another server's status nothing is known. */
function statusStyle(status: DeliveryStatus): Style | undefined {
  return Object.hasOwn(STYLES, status) ? STYLES[status] : undefined;
}

export const DELIVERY_COLUMNS: readonly Column<DeliverySummary>[] = [
  { name: 'id', of: ({ id }) => id },
  { name: 'status', of: ({ status }) => status, style: ({ status }) => statusStyle(status) },
  { name: 'event type', of: ({ event_type: type }) => type, cutTo: 12 },
  { name: 'created', of: ({ created_at: at }) => minuteOf(at), isOptional: true },
  { name: 'answer', of: ({ response_status: status }) => status, isOptional: true },
  { name: 'ms', of: ({ response_time_ms: time }) => time, isOptional: true },
  { name: 'attempt', of: (row) => `${row.attempt_number}/${row.max_attempts}`, isOptional: true },
  { name: 'error', of: ({ error_code: code }) => code, cutTo: 12, isOptional: true },
  { name: 'webhook', of: ({ webhook_id: id }) => id, isOptional: true },
];
