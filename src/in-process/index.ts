export { type ErrorCode, HooklineError } from '../errors.js';
export { openWebhookSecret } from '../secrets/open-webhook-secret.js';
export { createHookline, type Hookline, type HooklineOptions, type TriggeredEvent } from './hookline.js';
export type { EventMap, OutgoingEvent, Recipient } from './outgoing-event.js';
export type { PostgresClient } from './postgres-client.js';
