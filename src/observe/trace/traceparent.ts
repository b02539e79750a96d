import { type Context, isSpanContextValid, ROOT_CONTEXT, type SpanContext, trace } from '@opentelemetry/api';

/** W3C Trace Context, version 00; zeros alone are no ids. */
const VERSION_00 = /^00-((?!0{32})[0-9a-f]{32})-((?!0{16})[0-9a-f]{16})-([0-9a-f]{2})$/;
/** Of a later version what version 00 knows is read, as the standard says; ff is none. */
const LATER = /^(?!00|ff)[0-9a-f]{2}-([0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2})(?:-.*)?$/;

/** The header `traceparent` of a caller, as version 00; null where there is none, or none that is well formed. */
export function traceparentOf(header: unknown): string | null {
  if (typeof header !== 'string') return null;
  const text = header.trim();
  const later = LATER.exec(text);
  const version00 = later === null ? text : `00-${later[1]}`;
  return VERSION_00.test(version00) ? version00 : null;
}

/** A span as `traceparent`; undefined for one that stands for none. */
export function toTraceparent(span: SpanContext): string | undefined {
  if (!isSpanContextValid(span)) return undefined;
  return `00-${span.traceId}-${span.spanId}-${span.traceFlags.toString(16).padStart(2, '0')}`;
}

/** The span that a well-formed `traceparent` names; undefined without one. */
export function spanContextOf(traceparent: string | null | undefined): SpanContext | undefined {
  const parts = VERSION_00.exec(traceparent ?? '');
  if (parts === null) return undefined;
  const [, traceId = '', spanId = '', flags = ''] = parts;
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
}

/** The trace that a `traceparent` is of, for the log; undefined without one. */
export function traceIdOf(traceparent: string | null | undefined): string | undefined {
  return traceparent?.slice(3, 35);
}

/** A context in which the span that a `traceparent` names is the parent; the root without one. */
export function contextOf(traceparent: string | null | undefined): Context {
  const parent = spanContextOf(traceparent);
  return parent === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, parent);
}
