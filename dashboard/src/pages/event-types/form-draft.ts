import { parse } from 'lossless-json';
import { useState } from 'react';
import { readable } from '../../ui/readable.js';
import type { EventType } from './catalogue.js';

const FIRST_SCHEMA = `{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "type": "object",
  "required": ["id"],
  "properties": {
    "id": { "type": "string" }
  }
}`;

/** An event type that is being written. */
export interface FormDraft {
  readonly name: string;
  readonly category: string;
  readonly description: string;
  readonly isEnabled: boolean;
  /** JSON; empty: payloads may be anything. */
  readonly schema: string;
}

/** A schema's text as a value for `jsonOf`; `undefined`: it is none. */
export function schemaOf(text: string): { readonly value: EventType['payload_schema'] } | undefined {
  if (text.trim() === '') return { value: null };
  try {
    const value = parse(text);
    const isSchema =
      value === null || typeof value === 'boolean' || (typeof value === 'object' && !Array.isArray(value));
    return isSchema ? { value: value as EventType['payload_schema'] } : undefined;
  } catch {
    return undefined;
  }
}

export function useFormDraft(type: EventType | undefined) {
  return useState<FormDraft>({
    name: type?.event_type ?? '',
    category: type?.category ?? '',
    description: type?.description ?? '',
    isEnabled: type?.is_enabled ?? true,
    schema: type === undefined ? FIRST_SCHEMA : type.payload_schema === null ? '' : readable(type.payload_schema),
  });
}
