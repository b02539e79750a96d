import { InvalidArgumentError } from 'commander';

const NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,100}$/;
const VALUE = /^[\x21-\x7e]([\t\x20-\x7e]{0,8190}[\x21-\x7e])?$/;
/** Of the connection and the body, which are made here. */
const OWN = /^(host|connection|content-length|transfer-encoding|keep-alive|te|trailer|upgrade|expect|proxy-.*)$/i;

/** A parser of where deliveries are forwarded to, for commander. */
export function forwardUrl(text: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text;
  throw new InvalidArgumentError('It takes an http or https URL, such as http://localhost:3000/hook.');
}

/** A parser of `name: value`, for commander; it may be given many times. */
export function addedHeader(
  text: string,
  before: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const colon = text.indexOf(':');
  const [name, value] = [text.slice(0, colon), text.slice(colon + 1).trim()];
  if (colon > 0 && NAME.test(name) && VALUE.test(value) && !OWN.test(name)) return { ...before, [name]: value };
  throw new InvalidArgumentError('It takes a header such as "X-Tenant: acme", of ASCII, none of the connection’s own.');
}
