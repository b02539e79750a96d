import { loadSql } from '../../db/sql-file.js';
import { type Finding, finding, orOk } from '../catalogue.js';
import { askOneAsService, type Check } from '../context.js';
import { counted } from '../told.js';

const WEBHOOKS = loadSql(import.meta.url, './webhooks.sql');

interface Webhooks {
  readonly verification: string;
  readonly active: number;
  readonly unverified: number;
  readonly failing: number;
  readonly failingIds: readonly string[] | null;
  readonly broken: number;
  readonly brokenIds: readonly string[] | null;
  readonly failingDays: number;
}

/** Webhooks that nobody has proved to be theirs, that have failed for long, or whose breaker is open. */
export const webhooks: Check = {
  area: 'webhooks',
  needs: 'service',
  async run({ db }) {
    const seen = await askOneAsService<Webhooks>(db, WEBHOOKS);
    const found = [...unverifiedOf(seen), ...failingOf(seen)];
    return orOk('webhooks', found, `${counted(seen.active, 'active webhook')}, none in trouble.`);
  },
};

function unverifiedOf({ verification, active, unverified }: Webhooks): Finding[] {
  if (unverified === 0) return [];
  const what = `${unverified.toLocaleString('en-US')} of ${counted(active, 'active webhook')} ${unverified === 1 ? 'is' : 'are'} unverified`;
  const isRequired = verification === 'required';
  const effect = isRequired
    ? ': verification is required, so nothing is sent to them.'
    : ': nobody has proved that these endpoints want deliveries.';
  const mend = isRequired
    ? 'hookline webhooks list --condition unverified names them. Their owners verify them: hookline webhooks verify <id>, POST /v1/webhooks/{webhook_id}/verify or request_webhook_verification(id).'
    : "hookline webhooks list --condition unverified names them. Owners verify them with hookline webhooks verify <id> or POST /v1/webhooks/{webhook_id}/verify; UPDATE hookline.settings SET verification = 'required' holds back what is for others.";
  return [finding('webhooks', 'webhooks.unverified', what + effect, mend)];
}

function failingOf({ failing, failingIds, failingDays, broken, brokenIds }: Webhooks): Finding[] {
  const found: Finding[] = [];
  if (failing > 0) {
    const what = `${counted(failing, 'webhook has', 'webhooks have')} only failed for more than a day: ${some(failingIds, failing)}.`;
    const mend = `Tell their owners: after ${counted(failingDays, 'day')} of it they are deactivated. GET /v1/deliveries?webhook_id=… says why they fail.`;
    found.push(finding('webhooks', 'webhooks.failing', what, mend));
  }
  if (broken > 0) {
    const what = `The breaker of ${counted(broken, 'webhook')} is open: ${some(brokenIds, broken)}.`;
    const mend =
      'One probe goes after each pause, and a success closes it. Many at once: look whether this machine reaches the outside.';
    found.push(finding('webhooks', 'webhooks.breaker_open', what, mend));
  }
  return found;
}

function some(ids: readonly string[] | null, of: number): string {
  const list = (ids ?? []).join(', ');
  return of > 3 ? `${list} and ${(of - 3).toLocaleString('en-US')} more` : list;
}
