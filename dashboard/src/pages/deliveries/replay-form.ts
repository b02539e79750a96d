import { beginOf, type Range } from './filters.js';
import { fromLocal } from './local-time.js';
import { DEFAULT_RATE, type WantedReplay } from './use-replay.js';

/** What stands in the form. */
export interface ReplayForm {
  readonly webhookId: string;
  readonly status: 'failed' | 'all';
  /** `exact`: from `since` until `until`. */
  readonly range: Range | 'exact';
  /** As an input of `datetime-local` has them. */
  readonly since: string;
  readonly until: string;
  /** Deliveries a second. */
  readonly rate: string;
  /** When ranges end, in ms since 1970: what was counted has to be what is sent. */
  readonly openedAt: number;
}

export function newReplayForm(webhookId: string): ReplayForm {
  return {
    webhookId,
    status: 'failed',
    range: '24h',
    since: '',
    until: '',
    rate: String(DEFAULT_RATE),
    openedAt: Date.now(),
  };
}

/** What a form asks for; undefined while it is not whole. */
export function wantedBy(form: ReplayForm): WantedReplay | undefined {
  const { webhookId, status, range, openedAt } = form;
  const since = range === 'exact' ? fromLocal(form.since) : beginOf(range, openedAt);
  const until = range === 'exact' ? fromLocal(form.until) : undefined;
  return webhookId === '' || since === undefined ? undefined : { webhookId, since, until, status };
}
