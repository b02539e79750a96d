import { context, createContextKey } from '@opentelemetry/api';
import { tracer } from './tracer.js';

/** By this key, which OpenTelemetry's SDK looks up by its name, instrumentation and propagators are told to leave alone what runs in a context. */
const SUPPRESS = createContextKey('OpenTelemetry SDK Context Key SUPPRESS_TRACING');

/**
 * Calls `fn` so that an instrumentation of the HTTP client makes no span of its own beside ours, and writes no `traceparent` into a request: whether endpoints are sent
 * one is a setting.
 */
export function untraced<T>(fn: () => T): T {
  return tracer() === undefined ? fn() : context.with(context.active().setValue(SUPPRESS, true), fn);
}
