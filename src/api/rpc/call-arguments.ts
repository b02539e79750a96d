import type { FastifyRequest } from 'fastify';
import type { RpcFunction } from './functions.js';
import { RESERVED } from './query.js';
import { refusal } from './rpc-error.js';

/** The arguments of a call: a JSON object in the digits that came, and the names in it, each a parameter of the function. */
export interface CallArguments {
  readonly names: readonly string[];
  readonly json: string;
}

const MOST_SHOWN = 10;
const LONGEST_SHOWN = 63;
/** `total=eq.5`, `or=(…)`: how PostgREST filters the rows. */
const FILTER = /^(not\.)?[a-z]+(\([a-z]+\))?\./;
const LOGIC = /^(not\.)?(and|or)$/;

/** The arguments in the body of a POST. Throws PGRST102, PGRST202, and PGRST100 for filters in the query. */
export function bodyArguments(fn: RpcFunction, request: FastifyRequest, query: URLSearchParams): CallArguments {
  for (const name of query.keys()) if (!isReserved(name)) throw noFilter(name);
  const { body } = request;
  // An empty body without a content type is a call without arguments, as in PostgREST.
  if (body === undefined) return checked(fn, [], '{}');
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw refusal('PGRST102', 'The body must be a JSON object whose keys are names of arguments.');
  }
  return checked(fn, Object.keys(body), request.jsonText);
}

/** The arguments in the query of a GET: those that are not reserved. Throws PGRST202, and PGRST100 for filters and repeated names. */
export function queryArguments(fn: RpcFunction, query: URLSearchParams): CallArguments {
  const given = [...query].filter(([name]) => !isReserved(name));
  for (const [name, value] of given) {
    if (fn.parameters[name] === undefined && (LOGIC.test(name) || FILTER.test(value))) throw noFilter(name);
  }
  const names = given.map(([name]) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw refusal('PGRST100', `${shown(twice)} is given twice.`);
  return checked(fn, names, JSON.stringify(Object.fromEntries(given)));
}

/** What PostgREST answers for a function that is not there, or not with these arguments. `hint` says what there is. */
export function noSuchFunction(name: string, names: readonly string[], hint: string): Error {
  const list = names.slice(0, MOST_SHOWN).map(shown).join(', ') + (names.length > MOST_SHOWN ? ', …' : '');
  const called = `public.${shown(name)}${list === '' ? ' without parameters' : `(${list})`}`;
  return refusal('PGRST202', `Could not find the function ${called} in the schema cache`, {
    details: `Searched for the function ${called}, but no matches were found in the schema cache.`,
    hint,
  });
}

function checked(fn: RpcFunction, names: readonly string[], json: string): CallArguments {
  const known = names.every((name) => Object.hasOwn(fn.parameters, name));
  if (!known || !fn.required.every((name) => names.includes(name))) {
    const takes = Object.keys(fn.parameters).map((name) => (fn.required.includes(name) ? name : `${name} (optional)`));
    throw noSuchFunction(fn.name, names, `${fn.name} takes ${takes.join(', ')}.`);
  }
  return { names, json };
}

function isReserved(name: string): boolean {
  return RESERVED.some((reserved) => reserved === name);
}

function noFilter(name: string): Error {
  return refusal('PGRST100', `${shown(name)} is not supported in the query.`, {
    details: 'Rows cannot be filtered here.',
    hint: `The query takes ${RESERVED.join(', ')}, and on GET the arguments of the function.`,
  });
}

function shown(text: string): string {
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text;
}
