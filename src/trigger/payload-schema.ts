import { Ajv, type AnySchema, type ErrorObject, type Options } from 'ajv';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { LRUCache } from 'lru-cache';
import { type Finding, HooklineError } from '../errors.js';
import { compareItemsOnce } from './unique-items.js';

const OPTIONS: Options = {
  allErrors: true,
  // JSON Schema lets a schema carry words of others, and a payload names no field by inheriting it.
  strict: false,
  ownProperties: true,
  // A number beyond a double reads as Infinity here, and is exact in PostgreSQL.
  strictNumbers: false,
  // In doubles 19.99 is no multiple of 0.01.
  multipleOfPrecision: 9,
  logger: false,
};
const MOST_FINDINGS = 20;
/** Of event types whose schemas are kept, as text and compiled. */
export const KEPT_SCHEMAS = 500;

type Validate = (payload: unknown) => readonly ErrorObject[];

/**
 * Makes the check of payloads against `webhook_events.payload_schema`: JSON Schema of draft 2020-12 (also without `$schema`), 2019-09 or 07.
 * Compiled schemas are kept. The check throws `invalid_payload` (422) with a finding for each place that is wrong, 20 at most, and
 * `invalid_payload_schema` (422) when the schema itself cannot be used.
 */
export function createPayloadCheck(): (eventType: string, schema: string, payload: unknown) => void {
  const compiled = new LRUCache<string, Validate>({ max: KEPT_SCHEMAS });

  function validatorOf(eventType: string, schema: string): Validate {
    const known = compiled.get(schema);
    if (known !== undefined) return known;
    try {
      const validate = compile(schema);
      // One that leads back to itself at once, for objects alone say, never ends.
      for (const probe of [null, {}]) validate(probe);
      compiled.set(schema, validate);
      return validate;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new HooklineError('invalid_payload_schema', `payload_schema of ${eventType} cannot be used: ${reason}.`, {
        hint: 'Correct payload_schema in webhook_events; a $ref may only lead into the same schema.',
        cause: error,
      });
    }
  }

  return (eventType, schema, payload) => {
    const errors = errorsOf(validatorOf(eventType, schema), payload);
    if (errors.length === 0) return;
    const findings = errors.slice(0, MOST_FINDINGS).map(findingOf);
    const places = findings.map(({ pointer, detail }) => `${pointer} ${detail}`).join('; ');
    throw new HooklineError('invalid_payload', `The payload does not fulfil the schema of ${eventType}: ${places}.`, {
      hint: `Its payload_schema says what it takes: \`hookline events show ${eventType}\`, or GET /v1/event-types/${eventType}.`,
      findings,
    });
  };
}

function errorsOf(validate: Validate, payload: unknown): readonly ErrorObject[] {
  try {
    return validate(payload);
  } catch (error) {
    // The stack ends where a schema that leads back to itself follows the payload down, or stays in one place of it.
    if (!(error instanceof RangeError)) throw error;
    const detail = 'is nested too deep for its schema, or the schema leads back to itself there';
    const findings = [{ pointer: '/payload', detail }];
    throw new HooklineError('invalid_payload', `The payload ${detail}.`, { findings, cause: error });
  }
}

function compile(text: string): Validate {
  const schema: AnySchema | null = JSON.parse(text);
  if (schema === null) throw new Error('null is no schema');
  // An instance for each schema: one that has changed may bear the `$id` of its predecessor.
  const ajv = ajvFor(typeof schema === 'object' ? schema['$schema'] : undefined);
  formats.default(ajv);
  compareItemsOnce(ajv);
  const validate = ajv.compile(schema);
  // Its answer would be a promise, which is neither true nor false.
  if ('$async' in validate) throw new Error('$async is not taken');
  return (payload) => (validate(payload) ? [] : (validate.errors ?? []));
}

function ajvFor(draft: unknown): Ajv {
  if (typeof draft !== 'string' || draft.includes('2020-12')) return new Ajv2020(OPTIONS);
  if (draft.includes('2019-09')) return new Ajv2019(OPTIONS);
  return new Ajv(OPTIONS);
}

function findingOf({ instancePath, keyword, params, message }: ErrorObject): Finding {
  const extra = keyword === 'additionalProperties' ? ` (${String(params['additionalProperty'])})` : '';
  return { pointer: `/payload${instancePath}`, detail: `${message ?? 'is not valid'}${extra}` };
}
