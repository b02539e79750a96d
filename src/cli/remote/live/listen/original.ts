import type { components, DeliveryChange, HooklineClient } from '@hookline/client';
import { ok } from '@hookline/client';

type Delivery = DeliveryChange['delivery'];
type Attempt = components['schemas']['Attempt'];

/** What the subscriber got. */
export interface Original {
  /** As they were recorded, without those that listen may not know or a connection has by itself. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** What Hookline itself sends; headers of the webhook's owner are recorded without their values. */
const SENT = /^(content-type|user-agent|traceparent|tracestate|(x-)?webhook-[a-z0-9-]{1,60})$/i;
const SENDABLE = /^[\t\x20-\x7e]{1,8192}$/;

/**
 * The body and the headers of an attempt, byte by byte; undefined when none was sent (its payload could not be made into a body). Throws what the client throws, and
 * `HooklineApiError` of 404 for a delivery that is gone.
 */
export async function originalOf(
  client: HooklineClient,
  { id, attempt_number }: Delivery,
  signal: AbortSignal,
): Promise<Original | undefined> {
  const params = { path: { delivery_id: id } };
  const [attempts, body] = await Promise.all([
    client.GET('/v1/deliveries/{delivery_id}/attempts', { params, signal }).then(ok),
    client.GET('/v1/deliveries/{delivery_id}/body', { params, signal, parseAs: 'arrayBuffer' }).then(ok),
  ]);
  const headers = sendable(attemptOf(attempts.data, attempt_number)?.request_headers ?? {});
  if (headers['webhook-id'] === undefined) return undefined;
  return { headers, body: Buffer.from(body as ArrayBuffer) };
}

/** A page has a hundred attempts, the latest first: an older one is taken for the last of them. */
function attemptOf(attempts: readonly Attempt[], number: number): Attempt | undefined {
  return attempts.find((attempt) => attempt.attempt_number === number && !attempt.is_late) ?? attempts[0];
}

function sendable(recorded: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(recorded).flatMap(([name, value]) =>
      SENT.test(name) && typeof value === 'string' && SENDABLE.test(value) ? [[lowered(name), value]] : [],
    ),
  );
}

/** Standard Webhooks' names are in lower case whatever a server recorded, so that they are found. */
function lowered(name: string): string {
  return /^webhook-/i.test(name) ? name.toLowerCase() : name;
}
