import type { Logger } from 'pino';
import type { Attempted, Recorded } from './record/record.js';

/** One wide line an attempt, without payload, headers or secrets. */
export function logAttempt(log: Logger, { prepared, outcome }: Attempted, recorded: Recorded | undefined): void {
  const { delivery } = prepared;
  log.info(
    {
      event: 'delivery.attempted',
      deliveryId: delivery.deliveryId,
      webhookId: delivery.webhookId,
      eventType: delivery.eventType,
      attempt: delivery.attempt,
      timeMs: outcome.timeMs,
      ...(outcome.kind === 'responded' ? { status: outcome.status } : { error: outcome.code }),
      outcome: recorded?.status ?? 'late',
      nextRetryAt: recorded?.nextRetryAt ?? undefined,
    },
    'delivery attempted',
  );
}
