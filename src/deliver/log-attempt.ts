import type { Logger } from 'pino';
import { traceIdOf } from '../observe/trace/traceparent.js';
import { becameOf, codeOf } from './count-attempt.js';
import type { Attempted, Recorded } from './record/record.js';
import { targetOf } from './send/target.js';
import type { Claimed, Outcome } from './stages.js';

/**
 * One wide line an attempt: whose it is, how it went, how long each part took, and where it comes from. Without payload, headers, secrets, and of the URL the
 * host alone. A warning when the delivery has failed for good. docs/operations.md lists the fields.
 */
export function logAttempt(log: Logger, { prepared, outcome }: Attempted, recorded: Recorded | undefined): void {
  const { delivery, body } = prepared;
  const responded = outcome.kind === 'responded' ? outcome : undefined;
  log[recorded?.status === 'failed' ? 'warn' : 'info'](
    {
      delivery_id: delivery.deliveryId,
      webhook_id: delivery.webhookId,
      user_id: delivery.userId,
      event_type: delivery.eventType,
      event_id: delivery.eventId ?? undefined,
      replay_of: delivery.messageId === delivery.deliveryId ? undefined : delivery.messageId,
      attempt: delivery.attempt,
      max_attempts: delivery.maxAttempts,
      host: hostOf(delivery.url),
      status: responded?.status,
      error_code: codeOf(outcome),
      outcome: becameOf(recorded),
      next_retry_at: recorded?.nextRetryAt ?? undefined,
      ...timesOf(delivery, outcome),
      request_bytes: body.length,
      response_bytes: responded?.receivedBytes,
      request_id: delivery.requestId ?? undefined,
      trace_id: traceIdOf(delivery.traceparent),
    },
    'delivery.attempted',
  );
}

/** In ms. The lease's age is of when its result was recorded. */
function timesOf({ leasedAt }: Claimed, outcome: Outcome) {
  return {
    ms: outcome.timeMs,
    connect_ms: rounded(outcome.firstByteMs),
    answer_ms: outcome.kind === 'responded' ? rounded(outcome.answeredMs) : undefined,
    lease_age_ms: leasedAt === undefined ? undefined : Math.round(performance.now() - leasedAt),
  };
}

function rounded(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : Math.round(ms);
}

/** Host and port; never a path or a query, which are secrets as often as not. */
function hostOf(url: string): string | undefined {
  return targetOf(url)?.origin.replace(/^https?:\/\//, '');
}
