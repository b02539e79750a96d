import { type IncomingCallback, judge, type SimCallback } from './callback.js';
import type { CallbackAnswer } from './callback-server.js';
import type { Change } from './changes.js';
import { Channel } from './channel.js';
import { type CallbackFault, type CallbackFaults, createFaults } from './faults.js';

export interface Inbox {
  readonly callbacks: readonly SimCallback[];
  readonly faults: CallbackFaults;
  /** The channel of this id, made when it is new. */
  open(channelId: string): Channel;
  /** Judges a callback, records it, and gives the answer. */
  receive(incoming: IncomingCallback): CallbackAnswer;
  close(): void;
}

/** Takes the callbacks of all channels. */
export function createInbox(options: {
  readonly apiKey: string;
  readonly callbackWithinMs: number;
  readonly onChange: (change: Change) => void;
}): Inbox {
  const { apiKey, callbackWithinMs, onChange } = options;
  const callbacks: SimCallback[] = [];
  const channels = new Map<string, Channel>();
  const faults = createFaults();

  return {
    callbacks,
    faults,
    open(channelId) {
      const channel = channels.get(channelId) ?? new Channel(callbackWithinMs);
      channels.set(channelId, channel);
      return channel;
    },
    receive(incoming) {
      const { channelId, raw } = incoming;
      const channel = channelId === null ? undefined : channels.get(channelId);
      const judged = judge(incoming, channel, apiKey);
      const met = faults.next(channelId);
      const answer = met === undefined ? answerTo(judged) : spoilt(met.fault);
      const callback: SimCallback = {
        ...(met === undefined || met.taken ? judged : FAILED),
        channelId,
        at: Date.now(),
        status: typeof answer === 'object' ? answer.status : null,
        raw: raw ?? Buffer.alloc(0),
      };
      callbacks.push(callback);
      channel?.callbacks.push(callback);
      onChange({ kind: 'callback', callback });
      if (callback.verdict === 'accepted') channel?.accept(callback);
      return answer;
    },
    close() {
      for (const channel of channels.values()) channel.close();
    },
  };
}

const FAILED = { verdict: 'failed', reason: 'It met a fault.', body: null } as const;

function answerTo(judged: ReturnType<typeof judge>): CallbackAnswer {
  const { status, verdict, reason } = judged;
  return { status, headers: {}, body: reason === null ? { received: true } : { error: verdict, message: reason } };
}

function spoilt(fault: CallbackFault): CallbackAnswer {
  if (fault.kind !== 'answer') return fault.kind;
  const { status, headers } = fault;
  return { status, headers, body: { error: 'fault', message: 'A fault that was asked for.' } };
}
