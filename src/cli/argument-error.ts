import { printable } from './printable.js';

/** API keys, portal tokens and JWTs. */
const CREDENTIAL = /\b(hkp?_|eyJ)[\w.~-]{8,}/g;

/** What commander says of wrong arguments repeats them: a credential in a wrong place, or what would do something to a terminal, must not come out of it. */
export function argumentError(text: string): string {
  return printable(text).replace(CREDENTIAL, '$1…');
}
