import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';

const Json = Type.Record(Type.String(), Type.Unknown());

const Enriched = Type.Object({
  data: Json,
  task_id: Type.Optional(Type.String()),
  metadata: Type.Optional(Json),
});

const Failed = Type.Object({ error: Type.String({ minLength: 1 }), message: Type.Optional(Type.String()) });

/** What a callback says: the enriched record, or that processing failed for good. */
export type CallbackBody = Static<typeof Enriched> | Static<typeof Failed>;

/** The body of a callback, or what is wrong with it. */
export type ReadCallback = { readonly body: CallbackBody } | { readonly wrong: string };

/** Reads a callback's body. */
export function readCallback(raw: Buffer): ReadCallback {
  let value: unknown;
  try {
    value = JSON.parse(raw.toString('utf8'));
  } catch {
    return { wrong: 'The body is not JSON.' };
  }
  if (typeof value !== 'object' || value === null) {
    return { wrong: 'The body must be a JSON object.' };
  }
  if ('error' in value) return Value.Check(Failed, value) ? { body: value } : wrong(Failed, value);
  if ('data' in value) return Value.Check(Enriched, value) ? { body: value } : wrong(Enriched, value);
  return { wrong: 'The body must hold data (an object), or error and message.' };
}

/** The id of the stored record, where the callback names one. */
export function recordIdOf(body: CallbackBody): string | undefined {
  const id = 'data' in body ? body.data['id'] : undefined;
  return typeof id === 'string' || typeof id === 'number' ? String(id) : undefined;
}

function wrong(schema: typeof Enriched | typeof Failed, value: object): ReadCallback {
  const [first] = Value.Errors(schema, value);
  return { wrong: `${first?.instancePath.slice(1) || 'The body'} ${first?.message ?? 'is not as it should be'}.` };
}
