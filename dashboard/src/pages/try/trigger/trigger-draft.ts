import { useState } from 'react';
import { type Catalogue, useCatalogue } from '../../event-types/catalogue.js';
import { type PayloadDraft, usePayloadDraft } from '../payload-draft.js';

export const AUDIENCES = ['user_id', 'external_user_id', 'broadcast'] as const;
/** Whose webhooks are told. */
export type Audience = (typeof AUDIENCES)[number];

/** A real event that is being written. */
export interface TriggerDraft {
  readonly catalogue: Catalogue | undefined;
  readonly eventType: string | undefined;
  readonly payload: PayloadDraft;
  readonly audience: Audience;
  /** The id of the user, as the audience has it. */
  readonly user: string;
  readonly key: string;
  chooseEventType(name: string): void;
  chooseAudience(audience: Audience): void;
  writeUser(user: string): void;
  writeKey(key: string): void;
  /** Another event is meant from now on. */
  renewKey(): void;
}

export function useTriggerDraft(eventTypeName: string | undefined): TriggerDraft {
  const [chosen, chooseEventType] = useState(eventTypeName);
  const [audience, chooseAudience] = useState<Audience>('user_id');
  const [user, writeUser] = useState('');
  const [key, writeKey] = useState(newKey);
  const catalogue = useCatalogue().data;
  const enabled = catalogue?.types.filter(({ is_enabled: isEnabled }) => isEnabled) ?? [];
  const type = enabled.find(({ event_type: name }) => name === chosen) ?? enabled[0];
  const payload = usePayloadDraft(type?.event_type, type);
  return {
    ...{ catalogue, eventType: type?.event_type, payload, audience, user, key },
    ...{ chooseEventType, chooseAudience, writeUser, writeKey },
    renewKey: () => writeKey(newKey()),
  };
}

/** Not crypto.randomUUID, which browsers give to pages of https and loopback alone. */
function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return `dashboard-${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}
