import type { Emitter, FetchLike, FollowUpOptions, ReceiverLog } from '@hookline/receiver';
import type { Logger } from 'pino';
import { type Dispatcher, fetch } from 'undici';

/** What the server sends callbacks with: the guarded dispatcher, the settings, and its log. */
export interface CallbackDeps {
  readonly log: Logger;
  /** Refuses private and special addresses: a callback URL comes from outside. */
  readonly dispatcher: Dispatcher;
  readonly callbackOrigins: readonly string[];
}

/** The receiver's options for callbacks and events in this server. Without an emitter the store triggers events itself. */
export function followUpOptions(deps: CallbackDeps, emitter: Emitter | undefined): Omit<FollowUpOptions, 'apiKey'> {
  const { dispatcher, callbackOrigins } = deps;
  const guarded: FetchLike = (url, init) =>
    fetch(url, { ...init, headers: { ...init.headers, 'user-agent': 'Hookline' }, dispatcher });
  return {
    callbackOrigins,
    fetch: guarded,
    log: receiverLog(deps.log),
    ...(emitter !== undefined && { emitter }),
  };
}

function receiverLog(log: Logger): ReceiverLog {
  return (level, event, fields) => log[level](fields, event);
}
