import { type Command, InvalidArgumentError } from 'commander';
import { IsDate, IsDateTime, IsUuid } from 'typebox/format';
import { TEN_YEARS_S } from '../numbers.js';

/** How deliveries stand. */
export const DELIVERY_STATUSES = ['pending', 'success', 'retrying', 'failed'] as const;
/** What webhooks can be looked for by. */
export const CONDITIONS = ['breaker_open', 'paused', 'disabled', 'unverified', 'failing'] as const;

const EVENT_TYPE = /^[A-Za-z0-9_.:-]{1,100}$/;
const DURATION = /^(\d{1,9})(s|m|h|d)?$/;
const SECONDS_IN: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

/** A parser of ids, for commander. */
export function idOf(what: string, where: string): (text: string) => string {
  return (text) => {
    if (IsUuid(text)) return text.toLowerCase();
    throw new InvalidArgumentError(`It takes the id of ${what}, a UUID; ${where}.`);
  };
}

export const webhookId = idOf('a webhook', 'hookline webhooks list shows it');
export const deliveryId = idOf('a delivery', 'hookline deliveries list shows it');
export const eventId = idOf('an event', 'hookline deliveries show <id> names that of a delivery');

/** Event types as the catalogue has them. `.` and `..` are none: as part of a path they lead elsewhere. */
export function eventType(text: string): string {
  if (EVENT_TYPE.test(text) && !/^\.\.?$/.test(text)) return text;
  throw new InvalidArgumentError('It takes an event type such as video.generated: letters, digits and _ . : -');
}

/** For options that are given several times, or several values. */
export function eventTypes(text: string, before: readonly string[] | undefined): string[] {
  return [...(before ?? []), eventType(text)];
}

/** A user, by the UUID of auth.users or by the id that the application has. */
export interface UserName {
  readonly user_id?: string;
  readonly external_user_id?: string;
}

/** Adds `--user`, which the service names a user by. */
export function addUserOption(command: Command, what: string): Command {
  return command.option(
    '--user <id>',
    `${what}: a UUID, or the id that your application has (with the service key)`,
    userName,
  );
}

function userName(text: string): string {
  if (text !== '' && text.length <= 255) return text;
  throw new InvalidArgumentError(
    "It takes a user's UUID, or the id that your application has, of 1 to 255 characters.",
  );
}

/** What `--user` was given, as the API takes it. */
export function userOf(user: string | undefined): UserName {
  if (user === undefined) return {};
  return IsUuid(user) ? { user_id: user.toLowerCase() } : { external_user_id: user };
}

/** A time in the past: `2026-01-31T12:00:00Z`, `2026-01-31` (its beginning in UTC), or how long ago as `90m`, `24h`, `7d`. Gives it as the API takes it. */
export function pointInTime(text: string): string {
  const time = IsDate(text) ? `${text}T00:00:00Z` : text.toUpperCase();
  // The API has no years before 1000. The format may have the name of a time zone behind it (RFC 9557), which neither the API nor JavaScript reads.
  if (IsDateTime(time) && time >= '1000' && !Number.isNaN(Date.parse(time))) return time;
  const seconds = secondsOf(text);
  if (seconds !== undefined && /\D$/.test(text) && seconds <= TEN_YEARS_S) {
    return new Date(Date.now() - seconds * 1_000).toISOString();
  }
  throw new InvalidArgumentError(
    'It takes a time such as 2026-01-31T12:00:00Z, a day such as 2026-01-31, or how long ago: 90m, 24h, 7d.',
  );
}

/** A parser of durations: `90s`, `15m`, `24h`, `7d`, or seconds. Gives seconds. */
export function duration(least: number, most: number, range: string): (text: string) => number {
  return (text) => {
    const seconds = secondsOf(text);
    if (seconds !== undefined && seconds >= least && seconds <= most) return seconds;
    throw new InvalidArgumentError(`It takes a time such as 90s, 15m, 24h or 7d, ${range}.`);
  };
}

/** A parser of texts that are bounded as the API has them. */
export function textOfAtMost(most: number): (text: string) => string {
  return (text) => {
    if (text !== '' && text.length <= most) return text;
    throw new InvalidArgumentError(`It takes 1 to ${most} characters.`);
  };
}

function secondsOf(text: string): number | undefined {
  const [, count, unit = 's'] = DURATION.exec(text) ?? [];
  return count === undefined ? undefined : Number(count) * (SECONDS_IN[unit] ?? 1);
}
