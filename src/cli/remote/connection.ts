import type { HooklineClient } from '@hookline/client';
import type { Command } from 'commander';
import { isServerUrl } from '../../config/server-url.js';
import { HooklineError } from '../../errors.js';
import { checkedFetch } from './checked-fetch.js';

const DEFAULT_URL = 'http://127.0.0.1:8080';
const DEFAULT_TIMEOUT_S = 20;
const LONGEST_TIMEOUT_S = 3_600;
const RETRIES = 2;

/** What a command takes to reach a server, as `addConnectionOptions` adds it. */
export interface ConnectionOptions {
  readonly url?: string;
  readonly token?: string;
  readonly json?: boolean;
  /** Over each call, in seconds. */
  readonly timeout?: string;
}

/** A client of a server, with where that is and what it is called with. */
export interface Connection {
  readonly client: HooklineClient;
  /** Without a slash at its end. */
  readonly url: string;
  readonly token: string;
}

/**
 * Adds `--url`, `--token`, `--timeout` and `--json` to a command. What they are given is checked before the command runs, and is not repeated in the
 * message, since it may hold a secret: wrong usage, as every other option's.
 *
 * @param urlOption What the first is called where `--url` is something else.
 */
export function addConnectionOptions(command: Command, urlOption: '--url' | '--server' = '--url'): Command {
  return command
    .option(`${urlOption} <url>`, `where the server is (HOOKLINE_URL, else ${DEFAULT_URL})`)
    .option(
      '--token <token>',
      'what to sign in with (better HOOKLINE_TOKEN in the environment: others see the command line)',
    )
    .option('--timeout <seconds>', `how long to wait for an answer, in each of three tries (${DEFAULT_TIMEOUT_S})`)
    .option('--json', 'print the result as JSON, and errors as JSON on standard error')
    .hook('preAction', (_, action) => {
      const { server, ...options } = action.opts<ConnectionOptions & { readonly server?: string }>();
      const wrong = wrongOptionOf({ ...options, ...(urlOption === '--server' && { url: server }) }, urlOption);
      if (wrong !== undefined) action.error(`error: ${wrong}`);
    });
}

/**
 * A client of the server that the options and the environment name.
 * @throws `not_signed_in` without a token, `invalid_config` for a wrong variable. Its calls throw `server_unreachable`, `server_timeout` and
 * `not_hookline`; a refusal is `HooklineApiError` of `ok`, which `printError` tells as the server does.
 */
export async function connect(options: ConnectionOptions): Promise<Connection> {
  const { loadConfig } = await import('../../config.js');
  const { HOOKLINE_URL, HOOKLINE_TOKEN, HOOKLINE_SERVICE_KEY } = process.env;
  const config = loadConfig({ HOOKLINE_URL, HOOKLINE_TOKEN, HOOKLINE_SERVICE_KEY });
  const url = (options.url ?? config.serverUrl ?? DEFAULT_URL).replace(/\/+$/, '');
  const token = options.token ?? config.token ?? config.serviceKey;
  if (token === undefined) throw noToken();
  const { createClient } = await import('@hookline/client');
  const timeoutMs = Number(options.timeout ?? DEFAULT_TIMEOUT_S) * 1_000;
  return { client: createClient({ url, token, retries: RETRIES, timeoutMs, fetch: checkedFetch(url) }), url, token };
}

type Given = { readonly [Name in keyof ConnectionOptions]: ConnectionOptions[Name] | undefined };

function wrongOptionOf({ url, token, timeout }: Given, urlOption: string): string | undefined {
  if (url !== undefined && !isServerUrl(url)) {
    return `option ${urlOption} takes an http or https URL such as https://hookline.example.com, without credentials`;
  }
  if (token !== undefined && !/^[\x21-\x7e]+$/.test(token)) {
    return 'option --token takes visible ASCII characters, without spaces';
  }
  const seconds = timeout === undefined || /^\d{1,6}$/.test(timeout) ? Number(timeout ?? DEFAULT_TIMEOUT_S) : 0;
  return seconds >= 1 && seconds <= LONGEST_TIMEOUT_S
    ? undefined
    : `option --timeout takes a whole number of seconds, 1 to ${LONGEST_TIMEOUT_S}`;
}

function noToken(): HooklineError {
  return new HooklineError('not_signed_in', 'There is no token to sign in with.', {
    hint:
      "Set HOOKLINE_TOKEN to a user's token, an API key or a portal token, or HOOKLINE_SERVICE_KEY to the key that the server was started with. " +
      'A server that was started without one has made its own: serviceKey in .hookline/keys.json of its folder.',
  });
}
