import {
  type Context,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { epochMs } from '../observe/trace/clock.js';
import { guarded } from '../observe/trace/guarded.js';
import { contextOf, spanContextOf, toTraceparent } from '../observe/trace/traceparent.js';
import { tracer } from '../observe/trace/tracer.js';
import { becameOf } from './count-attempt.js';
import type { Attempted, Recorded } from './record/record.js';
import { type Claimed, isSuccess, type Outcome, type Prepared } from './stages.js';
import { attemptAttributes, callAttributes, linksOf, operation } from './trace-attributes.js';

/** An attempt under way. Moments are by `performance.now()`. */
interface Traced {
  readonly tracer: Tracer;
  readonly attempt: Span;
  /** In which the parts of the attempt are its children. */
  readonly within: Context;
  readonly call: Span;
  answeredAt?: number;
  /** The write that its result was part of. */
  written?: SpanContext;
}

interface Claim {
  readonly endedAt: number;
  readonly span: SpanContext;
}

/** Empty while no SDK is registered. */
const claims = new WeakMap<Claimed, Claim>();
const attempts = new WeakMap<Claimed, Traced>();

const now = (): number => performance.now();

/** A claim has brought these; it began at `began` (`performance.now()`). */
export const traceClaim = guarded((deliveries: readonly Claimed[], began: number): void => {
  const traced = tracer();
  if (traced === undefined || deliveries.length === 0) return;
  const endedAt = now();
  const options = {
    kind: SpanKind.CONSUMER,
    startTime: epochMs(began),
    links: linksOf(deliveries.map(({ traceparent }) => spanContextOf(traceparent))),
    attributes: operation('claim', 'receive', deliveries.length),
  };
  const span = traced.startSpan('claim batch', options, ROOT_CONTEXT);
  span.end(epochMs(endedAt));
  const claim = { endedAt, span: span.spanContext() };
  for (const delivery of deliveries) claims.set(delivery, claim);
});

/**
 * An attempt begins. The first one of a delivery goes on in the trace of its event; a later one, or that of a replay, is a trace of its own with a link there:
 * they come hours or days after. Gives the `traceparent` of the call; undefined without an SDK.
 */
export const traceAttempt = guarded((delivery: Claimed): string | undefined => {
  const traced = tracer();
  if (traced === undefined) return undefined;
  const began = now();
  const claim = claims.get(delivery);
  const leasedAt = delivery.leasedAt ?? began;
  const isFirst = delivery.attempt === 1 && delivery.messageId === delivery.deliveryId;
  const attempt = traced.startSpan(
    `attempt ${delivery.eventType}`,
    {
      kind: SpanKind.CONSUMER,
      startTime: epochMs(leasedAt),
      links: isFirst ? [] : linksOf([spanContextOf(delivery.traceparent)]),
      attributes: attemptAttributes(delivery),
    },
    isFirst ? contextOf(delivery.traceparent) : ROOT_CONTEXT,
  );
  const within = trace.setSpan(ROOT_CONTEXT, attempt);
  if (claim !== undefined) {
    const attributes = operation('claim', 'receive');
    const options = { startTime: epochMs(leasedAt), links: linksOf([claim.span]), attributes };
    traced.startSpan('claim', options, within).end(epochMs(Math.max(leasedAt, claim.endedAt)));
  }
  const options = { kind: SpanKind.CLIENT, startTime: epochMs(began), attributes: callAttributes(delivery) };
  const call = traced.startSpan('POST', options, within);
  attempts.set(delivery, { tracer: traced, attempt, within, call });
  return toTraceparent(call.spanContext());
});

/** The call has ended. */
export const traceAnswer = guarded(({ delivery, body }: Prepared, outcome: Outcome): void => {
  const traced = attempts.get(delivery);
  if (traced === undefined) return;
  const { call } = traced;
  traced.answeredAt = now();
  call.setAttribute('http.request.body.size', body.length);
  if (outcome.kind === 'responded') {
    call.setAttribute('http.response.status_code', outcome.status);
    if (outcome.receivedBytes !== undefined) call.setAttribute('http.response.body.size', outcome.receivedBytes);
  }
  const error = errorOf(outcome);
  if (error !== undefined) {
    call.setAttribute('error.type', error);
    call.setStatus({ code: SpanStatusCode.ERROR });
  }
  call.end(epochMs(traced.answeredAt));
});

/** The results of these were written together, from `began` (`performance.now()`) on. */
export const traceWrite = guarded((batch: readonly Attempted[], began: number): void => {
  const traced = tracer();
  if (traced === undefined) return;
  const written = batch.map(({ prepared }) => attempts.get(prepared.delivery));
  const options = {
    startTime: epochMs(began),
    links: linksOf(written.map((one) => one?.attempt.spanContext())),
    attributes: operation('record', 'settle', batch.length),
  };
  const span = traced.startSpan('record batch', options, ROOT_CONTEXT);
  span.end(epochMs(now()));
  for (const one of written) if (one !== undefined) one.written = span.spanContext();
});

/** The result is recorded, or given up (undefined): the attempt is over. */
export const traceRecorded = guarded((delivery: Claimed, recorded: Recorded | undefined): void => {
  const traced = attempts.get(delivery);
  if (traced === undefined) return;
  const { attempt, within, written, answeredAt = now() } = traced;
  const attributes = operation('record', 'settle');
  const options = { startTime: epochMs(answeredAt), links: linksOf([written]), attributes };
  const endTime = epochMs(now());
  traced.tracer.startSpan('record', options, within).end(endTime);
  const outcome = becameOf(recorded);
  attempt.setAttribute('hookline.outcome', outcome);
  if (outcome !== 'success') attempt.setStatus({ code: SpanStatusCode.ERROR });
  attempt.end(endTime);
  attempts.delete(delivery);
});

/** The attempt was cut off: its lease is given back, and it will be made again. */
export const traceCut = guarded((delivery: Claimed): void => {
  const traced = attempts.get(delivery);
  if (traced === undefined) return;
  traced.attempt.setAttribute('hookline.outcome', 'cut_off');
  for (const span of [traced.call, traced.attempt]) {
    span.setStatus({ code: SpanStatusCode.ERROR });
    span.end(epochMs(now()));
  }
  attempts.delete(delivery);
});

function errorOf(outcome: Outcome): string | undefined {
  if (outcome.kind === 'unanswered') return outcome.code;
  return isSuccess(outcome) ? undefined : String(outcome.status);
}
