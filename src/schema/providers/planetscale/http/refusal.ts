import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { accessFor } from './accesses.js';
import { PlanetscaleError } from './api-error.js';

const ErrorBody = Type.Object({ code: Type.Optional(Type.String()), message: Type.Optional(Type.String()) });

const LONGEST_WORDS = 2_000;

/** A request as messages name it: the path stands below the database. */
export interface Asked {
  readonly method: string;
  readonly path: string;
}

/** What an answer with a status of no success is told as. `text` is its body. */
export function refusalOf({ method, path }: Asked, status: number, text: string): PlanetscaleError {
  const { code, words } = read(text);
  const said = [code, words].filter((part) => part !== '').join(': ');
  const unavailable = status >= 500 || status === 429;
  return new PlanetscaleError(
    unavailable ? 'planetscale_unavailable' : 'planetscale_refused',
    `PlanetScale answered ${method} ${path} with ${status}${said === '' ? ' and no reason' : `: ${said}`}`,
    {
      exchange: { status, words, lost: status >= 500 },
      hint: hintFor(method, path, status, said !== ''),
    },
  );
}

function read(text: string): { code: string; words: string } {
  try {
    const body: unknown = JSON.parse(text);
    if (!Value.Check(ErrorBody, body)) return { code: '', words: '' };
    return { code: body.code ?? '', words: (body.message ?? '').slice(0, LONGEST_WORDS) };
  } catch {
    // A page of HTML, of something between.
    return { code: '', words: '' };
  }
}

function hintFor(method: string, path: string, status: number, said: boolean): string {
  if (status >= 500) return 'Try again in a few minutes; https://www.planetscalestatus.com tells of outages.';
  if (status === 429) return 'Wait some minutes: the service token has used up its requests for now.';
  if (status === 401) {
    return `Is the service token right, and not deleted? It needs the access ${accessFor(method, path)} for this database.`;
  }
  if (status === 403) return `The service token needs the access ${accessFor(method, path)} for this database.`;
  if (status === 404) {
    return said
      ? `Are PLANETSCALE_ORG and PLANETSCALE_DATABASE right, and may the service token see the database? It needs the access ${accessFor(method, path)}.`
      : 'Does HOOKLINE_PLANETSCALE_API name an API of PlanetScale?';
  }
  if (status >= 300 && status < 400) return 'Does HOOKLINE_PLANETSCALE_API name the API itself? It redirects.';
  return "Mend what PlanetScale says, or do it in PlanetScale's dashboard.";
}
