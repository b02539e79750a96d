import { type Context, context, type Span, SpanKind, SpanStatusCode, type Tracer, trace } from '@opentelemetry/api';
import { codeOf } from '../errors.js';
import { guarded } from '../observe/trace/guarded.js';
import { contextOf, toTraceparent } from '../observe/trace/traceparent.js';
import { tracer } from '../observe/trace/tracer.js';
import type { Outcome } from './checked.js';
import type { NewEvent } from './event.js';

type Trigger = (events: readonly NewEvent[]) => Promise<Outcome[]>;

/**
 * Triggers events within a span, a child of the span that is active, or else of the one that the first event names; the events' deliveries go on from there.
 * Without an SDK they go on from what the events name themselves.
 */
export function tracedTrigger(events: readonly NewEvent[], trigger: Trigger): Promise<Outcome[]> {
  const traced = tracer();
  return traced === undefined || events.length === 0 ? trigger(events) : inSpan(traced, events, trigger);
}

async function inSpan(traced: Tracer, events: readonly NewEvent[], trigger: Trigger): Promise<Outcome[]> {
  const begun = begin(traced, events);
  if (begun === undefined) return trigger(events);
  const { span, within } = begun;
  const traceparent = toTraceparent(span.spanContext()) ?? null;
  try {
    const outcomes = await context.with(within, () => trigger(events.map((event) => ({ ...event, traceparent }))));
    tell(span, outcomes);
    return outcomes;
  } catch (error) {
    fail(span);
    throw error;
  } finally {
    end(span);
  }
}

const begin = guarded((traced: Tracer, events: readonly NewEvent[]): { span: Span; within: Context } => {
  const [first] = events;
  const active = context.active();
  const parent = trace.getSpanContext(active) === undefined ? contextOf(first?.traceparent) : active;
  const type = events.every((event) => event.type === first?.type) ? first?.type : undefined;
  const span = traced.startSpan(
    type === undefined ? 'trigger' : `trigger ${type}`,
    {
      kind: SpanKind.PRODUCER,
      attributes: {
        'messaging.system': 'hookline',
        'messaging.operation.name': 'trigger',
        'messaging.operation.type': 'send',
        ...(type !== undefined && { 'messaging.destination.name': type }),
        ...(events.length !== 1 && { 'messaging.batch.message_count': events.length }),
        ...(first?.requestId && { 'hookline.request_id': first.requestId }),
      },
    },
    parent,
  );
  return { span, within: trace.setSpan(parent, span) };
});

const fail = guarded((span: Span): void => {
  span.setStatus({ code: SpanStatusCode.ERROR });
});

const end = guarded((span: Span): void => span.end());

/** What came of the events, without what their errors say: that may quote a payload. */
const tell = guarded((span: Span, outcomes: readonly Outcome[]): void => {
  const [first] = outcomes;
  if (outcomes.length === 1 && first?.status === 'fulfilled') {
    span.setAttributes({
      'messaging.message.id': first.value.eventId,
      'hookline.deliveries': first.value.matched,
      ...(first.value.isDuplicate && { 'hookline.duplicate': true }),
    });
  }
  const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
  if (refused[0] === undefined) return;
  span.setStatus({ code: SpanStatusCode.ERROR });
  span.setAttribute('error.type', codeOf(refused[0].reason) ?? '_OTHER');
  if (outcomes.length > 1) span.setAttribute('hookline.refused', refused.length);
});
