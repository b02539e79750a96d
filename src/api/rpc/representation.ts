import type { FastifyRequest } from 'fastify';
import { refusal } from './rpc-error.js';

/** In what form the rows are wanted. */
export interface Representation {
  /** One row, as an object; else an array of rows. */
  readonly singular: boolean;
  /** Without the keys whose value is null. */
  readonly nullsStripped: boolean;
  /** No body. */
  readonly minimal: boolean;
  /** With the number of all rows in Content-Range. */
  readonly counted: boolean;
  readonly contentType: string;
  /** What of `Prefer` was followed. */
  readonly applied: readonly string[];
}

const ARRAY = ['application/json', 'application/vnd.pgrst.array+json', 'application/*', '*/*'];
const OBJECT = ['application/vnd.pgrst.object+json', 'application/vnd.pgrst.object'];
const PREFERENCES = /^(return=(minimal|representation)|count=(exact|planned|estimated)|handling=(strict|lenient))$/;

/** Reads `Accept`, `Prefer` and the profile. Throws PGRST106, PGRST107 or PGRST122. */
export function representation({ headers, method }: FastifyRequest): Representation {
  const profile = headers[method === 'POST' ? 'content-profile' : 'accept-profile'] ?? 'public';
  if (profile !== 'public') throw refusal('PGRST106', 'The schema must be one of the following: public');
  const preferences = items(headers['prefer']).map((item) => item.replaceAll(' ', ''));
  const applied = preferences.filter((preference) => PREFERENCES.test(preference));
  const isApplied = (preference: string): boolean => applied.includes(preference);
  if (isApplied('handling=strict') && applied.length < preferences.length) {
    throw refusal('PGRST122', 'Invalid preferences given with handling=strict', {
      details: 'return=minimal, return=representation, count and handling are taken.',
    });
  }
  return {
    ...mediaType(headers.accept),
    minimal: isApplied('return=minimal'),
    counted: applied.some((preference) => preference.startsWith('count=')),
    applied,
  };
}

/** The first media type of `Accept` that there is; without the header the array. */
function mediaType(accept: string | undefined): Pick<Representation, 'singular' | 'nullsStripped' | 'contentType'> {
  for (const item of accept === undefined ? ['*/*'] : items(accept)) {
    const [type = '', ...parameters] = item
      .toLowerCase()
      .split(';')
      .map((part) => part.trim());
    const singular = OBJECT.includes(type);
    if (!singular && !ARRAY.includes(type)) continue;
    if (parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter))) continue;
    const nullsStripped = parameters.includes('nulls=stripped');
    const isVendor = singular || nullsStripped;
    const vendor = `application/vnd.pgrst.${singular ? 'object' : 'array'}+json${nullsStripped ? ';nulls=stripped' : ''}`;
    return { singular, nullsStripped, contentType: `${isVendor ? vendor : 'application/json'}; charset=utf-8` };
  }
  throw refusal('PGRST107', 'None of the media types of Accept are available.', {
    hint: 'Ask for application/json, or application/vnd.pgrst.object+json for one row.',
  });
}

function items(header: string | string[] | undefined): string[] {
  return [header ?? []]
    .flat()
    .flatMap((line) => line.split(','))
    .map((item) => item.trim())
    .filter((item) => item !== '');
}
