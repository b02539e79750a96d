import type { Attributes, Link, SpanContext } from '@opentelemetry/api';
import { targetOf } from './send/target.js';
import type { Claimed } from './stages.js';

/** What an SDK keeps of a span by default. */
const MOST_LINKS = 128;

/** A link to each of the spans, once; `undefined` is none. */
export function linksOf(spans: readonly (SpanContext | undefined)[]): Link[] {
  const links = new Map<string, Link>();
  for (const context of spans) {
    if (context !== undefined && links.size < MOST_LINKS) links.set(context.traceId + context.spanId, { context });
  }
  return [...links.values()];
}

/** What a span does with messages, by OpenTelemetry's conventions; `count` of how many together. */
export function operation(name: string, type: 'receive' | 'process' | 'settle', count?: number): Attributes {
  return {
    'messaging.system': 'hookline',
    'messaging.operation.name': name,
    'messaging.operation.type': type,
    ...(count !== undefined && { 'messaging.batch.message_count': count }),
  };
}

/** Whose attempt it is. */
export function attemptAttributes(delivery: Claimed): Attributes {
  const { eventType, eventId, deliveryId, webhookId, userId, attempt, maxAttempts, requestId } = delivery;
  return {
    ...operation('attempt', 'process'),
    'messaging.destination.name': eventType,
    ...(eventId && { 'messaging.message.id': eventId }),
    'hookline.delivery_id': deliveryId,
    'hookline.webhook_id': webhookId,
    'hookline.user_id': userId,
    'hookline.attempt': attempt,
    ...(maxAttempts !== undefined && { 'hookline.max_attempts': maxAttempts }),
    ...(requestId && { 'hookline.request_id': requestId }),
  };
}

/** Where the call goes. Without `url.full`: path and query of an endpoint's URL are secrets as often as not. */
export function callAttributes({ url, attempt }: Claimed): Attributes {
  const method = { 'http.request.method': 'POST', ...(attempt > 1 && { 'http.request.resend_count': attempt - 1 }) };
  const target = targetOf(url);
  if (target === undefined) return method;
  const { hostname, port, protocol } = new URL(target.origin);
  return {
    ...method,
    'url.scheme': protocol.slice(0, -1),
    'server.address': hostname,
    'server.port': port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port),
  };
}
