import type { EventMap, Recipient } from '../in-process/index.js';

/** What a field gives, and takes: what its resolver returns or its subscription yields, and its arguments. */
export interface Field {
  readonly result: unknown;
  readonly args: unknown;
}

/** Fields by their names. */
export type Fields<Map> = { readonly [Name in keyof Map]: Field };

/** The event that a field becomes. */
export interface Mapping<Payload, Type, Of extends Field, Context> {
  readonly type: Type;
  /** Null: nothing happened that anybody has to be told. */
  payload(result: Of['result'], args: Of['args'], context: Context): Payload | null;
  /** Whom it is for: `{ userId }`, `{ externalUserId }` or `{ broadcast: true }`. */
  recipient(result: Of['result'], args: Of['args'], context: Context): Recipient;
  /** The same event under the same key is triggered once in 24 hours. */
  idempotencyKey?(result: Of['result'], args: Of['args'], context: Context): string;
}

/** A mapping to whichever event type there is. */
type ToAny<Events extends EventMap, Of extends Field, Context> = {
  [Type in keyof Events & string]: Mapping<Events[Type], Type, Of, Context>;
}[keyof Events & string];

export type Mutations<Events extends EventMap, Map extends Fields<Map>, Context> = {
  readonly [Name in keyof Map]?: ToAny<Events, Map[Name], Context>;
};

/** A value reaches every subscriber, in every process: its key makes it one event. */
export type Subscriptions<Events extends EventMap, Map extends Fields<Map>, Context> = {
  readonly [Name in keyof Map]?: ToAny<Events, Map[Name], Context> & {
    idempotencyKey(result: Map[Name]['result'], args: Map[Name]['args'], context: Context): string;
  };
};

/** A mapping as the plugin runs it. */
export type AnyMapping = Mapping<object, string, Field, unknown>;
