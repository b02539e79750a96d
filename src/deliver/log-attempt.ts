import type { Logger } from 'pino';
import type { Attempted, Recorded } from './record/record.js';

/** One wide line an attempt, without payload, headers or secrets: a warning when the delivery has failed for good. */
export function logAttempt(log: Logger, { prepared, outcome }: Attempted, recorded: Recorded | undefined): void {
  const { delivery } = prepared;
  log[recorded?.status === 'failed' ? 'warn' : 'info'](
    {
      event: 'delivery.attempted',
      deliveryId: delivery.deliveryId,
      webhookId: delivery.webhookId,
      eventType: delivery.eventType,
      attempt: delivery.attempt,
      timeMs: outcome.timeMs,
      status: outcome.kind === 'responded' ? outcome.status : undefined,
      error: outcome.kind === 'responded' ? undefined : outcome.code,
      outcome: recorded?.status ?? 'late',
      nextRetryAt: recorded?.nextRetryAt ?? undefined,
    },
    'delivery attempted',
  );
}
