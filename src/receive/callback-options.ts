import type { CallbackOptions, FetchLike, ReceiverLog } from '@hookline/receiver';
import type { Logger } from 'pino';
import { type Dispatcher, fetch } from 'undici';

/** What the server sends callbacks with: the guarded dispatcher, the settings, and its log. */
export interface CallbackDeps {
  readonly log: Logger;
  /** Refuses private and special addresses: a callback URL comes from outside. */
  readonly dispatcher: Dispatcher;
  readonly callbackOrigins: readonly string[];
}

/** The receiver's options for callbacks in this server. */
export function callbackOptions(deps: CallbackDeps, apiKey: string): CallbackOptions {
  const { dispatcher, callbackOrigins } = deps;
  const guarded: FetchLike = (url, init) =>
    fetch(url, { ...init, headers: { ...init.headers, 'user-agent': 'Hookline' }, dispatcher });
  return { apiKey, callbackOrigins, fetch: guarded, log: receiverLog(deps.log) };
}

function receiverLog(log: Logger): ReceiverLog {
  return (level, event, fields) => log[level](fields, event);
}
