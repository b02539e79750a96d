import type { operations } from '@hookline/client';
import { type Command, Option } from 'commander';
import { addUserOption, DELIVERY_STATUSES, eventType, userOf, webhookId } from '../options.js';

export type StreamQuery = NonNullable<operations['streamDeliveries']['parameters']['query']>;
type LiveStatus = NonNullable<StreamQuery['status']>;

/** Which deliveries a live command is about, as `addFilterOptions` adds it. */
export interface LiveFilter {
  readonly user?: string;
  readonly webhook?: string;
  readonly event?: string;
  readonly status?: LiveStatus;
}

/** Adds `--user`, `--webhook` and `--event`. */
export function addFilterOptions(command: Command): Command {
  return addUserOption(command, 'of this user alone')
    .option('--webhook <id>', 'of this webhook alone', webhookId)
    .option('--event <type>', 'of this event type alone', eventType);
}

export function statusOption(): Option {
  return new Option('--status <status>', 'changes that lead to this status alone').choices(DELIVERY_STATUSES);
}

/** The filter as the API takes it. */
export function queryOf({ user, webhook, event, status }: LiveFilter): StreamQuery {
  return {
    ...userOf(user),
    ...(webhook !== undefined && { webhook_id: webhook }),
    ...(event !== undefined && { event_type: event }),
    ...(status !== undefined && { status }),
  };
}
