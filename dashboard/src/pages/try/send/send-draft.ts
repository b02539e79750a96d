import { useState } from 'react';
import { type Catalogue, useCatalogue } from '../../event-types/catalogue.js';
import { PLAIN_TEST } from '../../event-types/example.js';
import { type PayloadDraft, usePayloadDraft } from '../payload-draft.js';
import { firstGood, useSubscribed, useWebhooks, type Webhook } from './webhooks.js';

/** Deliveries whose fate is shown; older ones stand in the list of deliveries. */
const MOST_SHOWN = 5;

/** A test event that is being written, and those that were sent from here. */
export interface SendDraft {
  readonly webhooks: ReturnType<typeof useWebhooks>;
  readonly catalogue: Catalogue | undefined;
  readonly webhook: Webhook | undefined;
  readonly subscribed: readonly string[];
  readonly eventType: string | undefined;
  readonly payload: PayloadDraft;
  /** Ids of deliveries, the latest first. */
  readonly sent: readonly string[];
  chooseWebhook(id: string): void;
  chooseEventType(name: string): void;
  addSent(deliveryId: string): void;
}

/** `webhookId` and `eventTypeName` come from the address; where they name nothing, the first good ones are taken. */
export function useSendDraft(webhookId: string | undefined, eventTypeName: string | undefined): SendDraft {
  const [chosenId, chooseWebhook] = useState(webhookId);
  const [chosenType, chooseEventType] = useState(eventTypeName);
  const [sent, setSent] = useState<readonly string[]>([]);
  const webhooks = useWebhooks(webhookId);
  const catalogue = useCatalogue().data;
  const known = webhooks.data?.webhooks ?? [];
  const webhook = known.find(({ id }) => id === chosenId) ?? firstGood(known);
  const subscriptions = useSubscribed(webhook?.id);
  const subscribed = subscriptions.data ?? [];
  const enabled = catalogue?.types.filter(({ is_enabled: isEnabled }) => isEnabled) ?? [];
  const isReady = catalogue !== undefined && (subscriptions.isFetched || webhook === undefined);
  const isChosen = chosenType === PLAIN_TEST || enabled.some(({ event_type: name }) => name === chosenType);
  const best = enabled.find(({ event_type: name }) => subscribed.includes(name)) ?? enabled[0];
  const eventType = isChosen ? chosenType : isReady ? (best?.event_type ?? PLAIN_TEST) : undefined;
  const payload = usePayloadDraft(
    eventType,
    enabled.find(({ event_type: name }) => name === eventType),
  );
  return {
    ...{ webhooks, catalogue, webhook, subscribed, eventType, payload, sent },
    ...{ chooseWebhook, chooseEventType },
    addSent: (deliveryId) => setSent((before) => [deliveryId, ...before].slice(0, MOST_SHOWN)),
  };
}
