import { type Members, membersOf, objectOf, textOf } from './json-text.js';
import type { Begun, Lease, LeasedWork, Outcome } from './store.js';

/** An event for the product's customers, made of a stored webhook. */
export interface OutgoingEvent {
  /** The webhook's `event`: an event type of this name has to be registered. */
  readonly type: string;
  /** `customer_data.user_id`: the user whose webhooks are told; nobody else's are. */
  readonly userId: string;
  /** JSON text: `ai_response.data` with the record's id and the channel's. */
  readonly payload: string;
  /** The same for every attempt of one row. */
  readonly idempotencyKey: string;
}

/** Triggers events. It may throw: then it is tried again. */
export interface Emitter {
  /** Gives `skipped` where nobody is to be told (no such type, no such user), `failed` for what no retry mends. */
  emit(event: OutgoingEvent, signal: AbortSignal): Promise<Outcome>;
}

/** What an event needs of a webhook, parsed or read back from its row. */
interface Source {
  readonly event: string | null;
  readonly channelId: string | null;
  readonly data: Members;
  readonly customerData: Members;
}

/** How the emission of a new row begins: leased to the handler, or skipped at once where no user is named. */
export function beginEmission(source: Pick<Source, 'event' | 'customerData'>, lease: Lease): Begun {
  if (source.event === null || source.event === '') return { state: 'skipped', error: 'event_type_not_registered' };
  return userOf(source.customerData) === null ? { state: 'skipped', error: 'user_unknown' } : { lease };
}

/** The event of a row whose emission was begun; null when its payload names none. */
export function outgoingEvent(work: Pick<LeasedWork, 'id' | 'payload' | 'idempotencyKey'>): OutgoingEvent | null {
  const webhook = membersOf(work.payload);
  const source = {
    event: textOf(webhook.get('event')),
    channelId: textOf(webhook.get('channel_id')),
    data: membersOf(membersOf(webhook.get('ai_response')).get('data')),
    customerData: membersOf(webhook.get('customer_data')),
  };
  const userId = userOf(source.customerData);
  if (source.event === null || userId === null) return null;
  return {
    type: source.event,
    userId,
    payload: eventPayload(work.id, source),
    idempotencyKey: `ai_content_${work.id}_${work.idempotencyKey}`,
  };
}

/** The payload that customers' webhooks get. Never customer_data, which is between the product and its gateway. */
export function eventPayload(id: string, { data, channelId }: Pick<Source, 'data' | 'channelId'>): string {
  return objectOf(new Map(data).set('id', JSON.stringify(id)).set('channel_id', JSON.stringify(channelId)));
}

function userOf(customerData: Members): string | null {
  const id = textOf(customerData.get('user_id'));
  return id === null || id === '' || id.length > 255 ? null : id;
}
