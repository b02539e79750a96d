import { succeeded } from '../../dev/gateway-sim/attempt.js';
import type { SimCallback, Verdict } from '../../dev/gateway-sim/callback.js';
import type { RequestState, SimRequest } from '../../dev/gateway-sim/request.js';
import { HooklineError } from '../../errors.js';

/** What became of everything that was sent. The states are those of the requests, each counted once. */
export interface Summary {
  readonly sent: number;
  readonly attempts: number;
  /** Requests that were answered 2xx at last. */
  readonly answered: number;
  readonly states: Readonly<Record<RequestState, number>>;
  readonly callbacks: Readonly<Record<Verdict, number>>;
  /** Whether all were delivered, and called back where a callback was expected. */
  readonly ok: boolean;
}

export function summarise(requests: readonly SimRequest[], callbacks: readonly SimCallback[]): Summary {
  const states = { waiting: 0, delivered: 0, called_back: 0, timed_out: 0, dead_lettered: 0 };
  for (const { state } of requests) states[state] += 1;
  const verdicts = {
    accepted: 0,
    repeated: 0,
    conflicting: 0,
    late: 0,
    unauthorized: 0,
    unknown_channel: 0,
    malformed: 0,
    failed: 0,
  };
  for (const { verdict } of callbacks) verdicts[verdict] += 1;
  return {
    sent: requests.length,
    attempts: requests.reduce((sum, { attempts }) => sum + attempts.length, 0),
    answered: requests.filter(({ attempts }) => attempts.some(succeeded)).length,
    states,
    callbacks: verdicts,
    ok: requests.every(({ state, expectsCallback }) => state === (expectsCallback ? 'called_back' : 'delivered')),
  };
}

/** The summary in a few lines; what did not happen is left out. */
export function inWords({ sent, attempts, answered, states, callbacks }: Summary): string {
  return [
    `Webhooks:  ${sent} sent in ${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}, ${answered} answered 2xx.`,
    `Now:       ${listed(states)}.`,
    `Callbacks: ${listed(callbacks) || 'none came'}.`,
  ].join('\n');
}

/** Counts in words, without the zeros. */
function listed(counts: Readonly<Record<string, number>>): string {
  const some = Object.entries(counts).filter(([, count]) => count > 0);
  return some.map(([name, count]) => `${count} ${name.replaceAll('_', ' ')}`).join(', ');
}

/** What the command ends with when not all was done. */
export function notAllDone({ states }: Summary): HooklineError {
  return new HooklineError(
    'gateway_sim_failed',
    `Not every webhook was delivered and called back: ${listed(states)}.`,
    {
      hint: 'The lines above tell what the receiver answered, and what was wrong with callbacks.',
    },
  );
}
