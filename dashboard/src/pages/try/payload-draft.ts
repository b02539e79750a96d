import { useState } from 'react';
import type { EventType } from '../event-types/catalogue.js';
import { PLAIN_TEST, useExample } from '../event-types/example.js';

const OF_PLAIN_TEST = '{\n  "test": true\n}';

/** The payload that is being written for an event type. Each type has its own, so that changing the type loses nothing. */
export interface PayloadDraft {
  /** Undefined while the example is made. */
  readonly text: string | undefined;
  readonly isExample: boolean;
  write(text: string): void;
  /** Takes the example again. */
  reset(): void;
}

export function usePayloadDraft(eventType: string | undefined, type: EventType | undefined): PayloadDraft {
  const [written, setWritten] = useState<Readonly<Record<string, string>>>({});
  const made = useExample(type);
  const example = eventType === PLAIN_TEST ? OF_PLAIN_TEST : made;
  const key = eventType ?? '';
  const own = Object.hasOwn(written, key) ? written[key] : undefined;
  return {
    text: own ?? example,
    isExample: own === undefined || own === example,
    write: (text) => setWritten((before) => ({ ...before, [key]: text })),
    reset: () => setWritten(({ [key]: _, ...rest }) => rest),
  };
}
