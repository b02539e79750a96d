import { useState } from 'react';
import { type Catalogue, useCatalogue } from '../../event-types/catalogue.js';
import { useExample } from '../../event-types/example.js';

/** As many as one request takes. */
export const MOST_PAYLOADS = 20;
const FIRST_FILTER = '{\n  "status": "completed"\n}';

export interface PayloadText {
  readonly id: number;
  readonly text: string;
  /** The delivery that it is of. */
  readonly deliveryId?: string;
}

/** A filter that is being written, and the payloads that it is tested with. */
export interface FilterDraft {
  readonly catalogue: Catalogue | undefined;
  readonly eventType: string | undefined;
  readonly filter: string;
  /** Undefined while the first, an example, is made. */
  readonly payloads: readonly PayloadText[] | undefined;
  chooseEventType(name: string): void;
  writeFilter(text: string): void;
  writePayload(id: number, text: string): void;
  /** Puts payloads to the others; in the place of an example that nobody has touched. */
  add(payloads: readonly Omit<PayloadText, 'id'>[]): void;
  addExample(): void;
  remove(id: number): void;
}

let lastId = 0;

/** `eventTypeName` comes from the address; without it the type is `otherwise`, until one is chosen. */
export function useFilterDraft(eventTypeName: string | undefined, otherwise: string | undefined): FilterDraft {
  const catalogue = useCatalogue().data;
  const [chosen, setChosen] = useState(eventTypeName);
  const [filter, writeFilter] = useState(FIRST_FILTER);
  const [own, setOwn] = useState<readonly PayloadText[]>();
  const types = catalogue?.types ?? [];
  const type = types.find(({ event_type: name }) => name === (chosen ?? otherwise)) ?? types[0];
  const example = useExample(type);
  const payloads = own ?? (example === undefined ? undefined : [{ id: 0, text: example }]);
  const numbered = (more: readonly Omit<PayloadText, 'id'>[]): PayloadText[] =>
    more.map((one) => {
      lastId += 1;
      return { ...one, id: lastId };
    });
  return {
    ...{ catalogue, eventType: type?.event_type, filter, payloads, chooseEventType: setChosen, writeFilter },
    writePayload: (id, text) => setOwn(payloads?.map((one) => (one.id === id ? { ...one, text } : one))),
    add: (more) => {
      const added = numbered(more);
      setOwn((before) => [...(before ?? []), ...added].slice(0, MOST_PAYLOADS));
    },
    addExample: () => setOwn([...(payloads ?? []), ...numbered([{ text: example ?? '{}' }])].slice(0, MOST_PAYLOADS)),
    remove: (id) => setOwn((payloads ?? []).filter((one) => one.id !== id)),
  };
}
