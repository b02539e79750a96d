import type { Call, TableMatrix } from '../notation.js';
import { AUDIT, AUDIT_LOG } from './audit.js';
import { AUTH_CALLS, AUTH_TABLES } from './auth.js';
import { CHANGE_LOG, CHANGES } from './changes.js';
import { AI_CONTENT } from './content.js';
import { ATTEMPTS, DELIVERIES, EARLIER_ATTEMPTS } from './deliveries.js';
import { INNER_CALLS, SERVICE_CALLS, TRIGGER_CALLS, USER_CALLS } from './functions.js';
import { INTERNALS } from './internals.js';
import { REPLAY_JOBS, REPLAYS } from './replays.js';
import { EVENT_TYPES, SUBSCRIPTIONS } from './subscriptions.js';
import { ACCESS_TOKENS, TOKENS } from './tokens.js';
import { WEBHOOKS } from './webhooks.js';

/** Every table and view of ours; those of schema auth apart, since they are ours only where nobody made them before. */
export const TABLES: readonly TableMatrix[] = [
  WEBHOOKS,
  EVENT_TYPES,
  SUBSCRIPTIONS,
  DELIVERIES,
  ATTEMPTS,
  EARLIER_ATTEMPTS,
  REPLAYS,
  REPLAY_JOBS,
  CHANGES,
  ...CHANGE_LOG,
  AI_CONTENT,
  TOKENS,
  ACCESS_TOKENS,
  AUDIT,
  AUDIT_LOG,
  ...INTERNALS,
];

/** Every function of ours. */
const CALLS: readonly Call[] = [...USER_CALLS, ...SERVICE_CALLS, ...INNER_CALLS, ...TRIGGER_CALLS];

/** Nobody but the owner may use a sequence: identity columns need no right on theirs. */
export const SEQUENCES: readonly string[] = [
  'public.ai_content_id_seq',
  'hookline.webhook_delivery_attempts_id_seq',
  'hookline.queue_position_seq',
  'hookline.delivery_changes_id_seq',
  'hookline.watched_until',
];

/** Types beside the rows of tables. PUBLIC may use any type, but only the service may look into the schema. */
export const TYPES: readonly string[] = [
  'hookline.ended',
  'hookline.ended_together',
  'hookline.recorded',
  'hookline.turn',
];

/**
 * What users have EXECUTE on and cannot call, for lack of USAGE on schema hookline: a column default runs with the
 * privileges of who inserts, and names its function by its oid.
 */
export const GRANTED_FOR_DEFAULTS: readonly string[] = ['hookline.generate_secret'];

/** The part of the matrix that holds for a database. */
export function matrixFor(authIsOurs: boolean): { tables: readonly TableMatrix[]; calls: readonly Call[] } {
  return authIsOurs
    ? { tables: [...TABLES, ...AUTH_TABLES], calls: [...CALLS, ...AUTH_CALLS] }
    : { tables: TABLES, calls: CALLS };
}
