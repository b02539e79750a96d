import { InvalidArgumentError } from 'commander';
import { IsUuid } from 'typebox/format';
import { HooklineError } from '../../errors.js';

/** The URL that webhooks go to. */
export function webhookUrl(text: string): string {
  if (isHttp(text)) return text;
  throw new InvalidArgumentError('It takes an http or https URL, such as http://127.0.0.1:8080/webhooks/modelriver.');
}

/** Scheme, host and port. */
export function origin(text: string): string {
  const url = isHttp(text) ? new URL(text) : undefined;
  if (url?.pathname === '/' && url.search === '' && url.hash === '' && url.username === '') return url.origin;
  throw new InvalidArgumentError('It takes an origin, such as http://host.docker.internal:3901, without a path.');
}

export function uuid(text: string): string {
  if (IsUuid(text)) return text.toLowerCase();
  throw new InvalidArgumentError("It takes a user's UUID.");
}

export function nonEmpty(text: string): string {
  if (text !== '') return text;
  throw new InvalidArgumentError('It takes at least one character.');
}

/**
 * A secret from an option or, where that is not given, a variable of the environment.
 * @throws `invalid_config` when neither is there.
 */
export function secretOf(given: string | undefined, option: string, variable: string, what: string): string {
  const secret = given ?? process.env[variable] ?? '';
  if (secret !== '') return secret;
  throw new HooklineError('invalid_config', `${what} is missing.`, {
    hint: `Set ${variable}, or give ${option}: the same value as the receiver has.`,
  });
}

function isHttp(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}
