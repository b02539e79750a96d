import type { AttemptOutcome, DeliveryMetrics } from '../observe/metrics/delivery-metrics.js';
import type { Attempted, Recorded } from './record/record.js';
import { FAILURE_CODES, isSuccess, type Outcome } from './stages.js';

/** Of answers, as hookline.record_results has them. */
const ANSWER_CODES = [
  'http_gone',
  'http_rate_limited',
  'http_redirect',
  'http_client_error',
  'http_server_error',
] as const;

/** Every error code that an attempt of a worker may have. */
export const ATTEMPT_CODES: readonly string[] = [...FAILURE_CODES, ...ANSWER_CODES];

/** Counts an attempt when its result is written, and for a first one how long its delivery took to get out. */
export function countAttempt(
  metrics: DeliveryMetrics,
  { prepared, outcome }: Attempted,
  recorded: Recorded | undefined,
): void {
  metrics.attempted(becameOf(recorded), codeOf(outcome), outcome.timeMs);
  const { attempt, createdMs } = prepared.delivery;
  if (attempt !== 1 || createdMs === undefined || outcome.firstByteMs === undefined) return;
  metrics.firstByte(prepared.attemptedAt.getTime() + outcome.firstByteMs - createdMs);
}

/** What became of an attempt. */
export function becameOf(recorded: Recorded | undefined): AttemptOutcome {
  if (recorded === undefined) return 'dropped';
  return recorded.status ?? 'late';
}

/** The `error_code` of an attempt; undefined for a success. */
export function codeOf(outcome: Outcome): (typeof ANSWER_CODES)[number] | (typeof FAILURE_CODES)[number] | undefined {
  if (outcome.kind === 'unanswered') return outcome.code;
  if (isSuccess(outcome)) return undefined;
  const { status } = outcome;
  if (status === 410) return 'http_gone';
  if (status === 429) return 'http_rate_limited';
  if (status >= 300 && status <= 399) return 'http_redirect';
  return status >= 400 && status <= 499 ? 'http_client_error' : 'http_server_error';
}
