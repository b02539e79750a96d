import { type HooklineClient, ok } from '@hookline/client';
import { counted } from '../../../../doctor/told.js';
import { HooklineError } from '../../../../errors.js';
import { createWaitProgress } from '../../../wait-progress.js';
import type { StreamQuery } from '../filter.js';
import { oneLine } from '../text.js';
import type { EventRequest } from './request.js';
import { tellTriggered } from './told.js';
import { triggerAndWait, Waiting } from './wait.js';

export interface TriggerRun {
  readonly client: HooklineClient;
  readonly request: EventRequest;
  readonly idempotencyKey?: string | undefined;
  /** Follows the deliveries until they have ended, for so long at most. */
  readonly waitMs?: number | undefined;
  readonly json: boolean;
}

/**
 * Triggers an event and prints what it has become.
 * @throws `delivery_failed` when one of its deliveries has failed, `wait_timeout` when they take longer than `waitMs`, the reason of `stop`, and what the client throws.
 */
export async function runTrigger(run: TriggerRun, stop: AbortSignal): Promise<void> {
  const { client, request, idempotencyKey, waitMs, json } = run;
  const { type, user_id, external_user_id } = request.body;
  const header = idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey };
  const trigger = async () => {
    const init = { params: { header }, body: request.body, bodySerializer: () => request.text };
    const answer = await client.POST('/v1/events', { ...init, signal: stop }).then(ok);
    if ('deliveries' in answer) return answer;
    throw new HooklineError('not_hookline', 'The server answered an event with what is no answer to one.');
  };
  if (waitMs === undefined) {
    tellTriggered(type, await trigger(), { json });
    return;
  }
  const query: StreamQuery = {
    event_type: type,
    ...(user_id !== undefined && { user_id }),
    ...(external_user_id !== undefined && { external_user_id }),
  };
  const waiting = new Waiting();
  const progress = json ? undefined : createWaitProgress();
  const late = AbortSignal.timeout(waitMs);
  try {
    const onProgress = (text: string): void => progress?.show(text);
    await triggerAndWait({ client, query, trigger, onProgress }, waiting, AbortSignal.any([stop, late]));
  } catch (error) {
    // An event that the server did not answer in time may have been triggered.
    const isGivenUp = late.aborted && (waiting.accepted !== undefined || error === late.reason);
    if (stop.aborted || !isGivenUp) throw error;
  } finally {
    progress?.end();
    const { accepted, deliveries } = waiting;
    if (accepted !== undefined) tellTriggered(type, accepted, { json, followed: deliveries });
  }
  judge(waiting, late.aborted, waitMs);
}

function judge({ accepted, deliveries, unfinished }: Waiting, isLate: boolean, waitMs: number): void {
  const seconds = waitMs / 1_000;
  if (accepted === undefined) {
    throw new HooklineError('wait_timeout', `Nothing was triggered within ${seconds} s.`, {
      hint: 'The live stream did not open. hookline trigger without --wait needs none.',
    });
  }
  const failed = deliveries.filter(({ status }) => status === 'failed');
  const [first] = failed;
  if (first !== undefined) {
    const id = oneLine(first.id);
    throw new HooklineError(
      'delivery_failed',
      `${failed.length} of ${counted(deliveries.length, 'delivery', 'deliveries')} failed.`,
      {
        hint: `hookline deliveries show ${id} tells what the endpoint answered; hookline deliveries retry ${id} tries it again.`,
      },
    );
  }
  if (isLate && unfinished.length > 0) {
    throw new HooklineError(
      'wait_timeout',
      `After ${seconds} s ${counted(unfinished.length, 'delivery has', 'deliveries have')} not ended.`,
      {
        hint: 'They go on without the command: hookline tail shows them. Wait longer with --wait-at-most.',
      },
    );
  }
}
