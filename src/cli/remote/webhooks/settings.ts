import type { components } from '@hookline/client';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { wholeNumber } from '../../numbers.js';
import { readJsonObject } from '../json-input.js';
import { duration, textOfAtMost } from '../options.js';

type Settings = components['schemas']['ChangeWebhook'];
type None = 'none';

/** What `addSettingOptions` adds. */
export interface SettingOptions {
  readonly name?: string;
  readonly url?: string;
  readonly description?: string;
  readonly algorithm?: 'sha256' | 'sha512';
  readonly maxRetries?: number;
  readonly retryDelay?: number;
  readonly callTimeout?: number;
  readonly rateLimit?: number | None;
  readonly burst?: number | None;
  readonly ordered?: boolean;
  readonly orderingKey?: string;
  readonly signAsymmetric?: boolean;
  readonly metadata?: string;
}

/** Adds the settings of a webhook beside name and URL; those that may be empty take `none`. */
export function addSettingOptions(command: Command): Command {
  return command
    .option('--description <text>', 'what it is for, or none')
    .addOption(new Option('--algorithm <name>', 'of the HMAC that signs its deliveries').choices(['sha256', 'sha512']))
    .option('--max-retries <n>', 'how often a failed delivery is sent again, 0 for never', wholeNumber(0, 10))
    .option('--retry-delay <time>', 'before the first retry; doubles with each', duration(1, 3_600, '1 s to 1 h'))
    .option('--call-timeout <time>', 'for each call', duration(1, 300, '1 s to 5 min'))
    .option('--rate-limit <n>', 'calls a second, or none', rateOrNone)
    .option('--burst <n>', 'calls at once after a pause, or none', rateOrNone)
    .option('--ordered', 'one delivery at a time, in order of creation')
    .option('--no-ordered', 'as many at once as there are')
    .option('--ordering-key <pointer>', 'ordered for each value at this JSON pointer into the payload, or none')
    .option('--sign-asymmetric', 'sign with Ed25519, too')
    .option('--no-sign-asymmetric', 'sign with the secret alone')
    .option('--metadata <json>', "the owner's own: an object, or @file");
}

export const webhookName = textOfAtMost(255);

/** Where deliveries go, or a message that says what it takes. What it holds is judged by the server. */
export function endpointUrl(text: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text;
  throw new InvalidArgumentError('It takes an http or https URL such as https://api.example.com/hooks.');
}

/** What was given of the settings, as the API takes it; empty: nothing was. */
export async function settingsOf(options: SettingOptions): Promise<Settings> {
  const given = {
    name: options.name,
    url: options.url,
    description: nullOf(options.description),
    signature_algorithm: options.algorithm,
    max_retries: options.maxRetries,
    retry_delay_seconds: options.retryDelay,
    timeout_seconds: options.callTimeout,
    rate_limit_per_second: nullOf(options.rateLimit),
    rate_limit_burst: nullOf(options.burst),
    is_ordered: options.ordered,
    ordering_key_path: nullOf(options.orderingKey),
    sign_asymmetric: options.signAsymmetric,
    metadata: options.metadata === undefined ? undefined : (await readJsonObject(options.metadata, '--metadata')).value,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function nullOf<T>(value: T | None | undefined): T | null | undefined {
  return value === 'none' ? null : (value as T | undefined);
}

function rateOrNone(text: string): number | None {
  return text === 'none' ? text : wholeNumber(1, 10_000)(text);
}
