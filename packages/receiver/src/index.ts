export { type DrainOptions, type DrainResult, drain } from './drain.js';
export {
  AI_GENERATED,
  EventError,
  type EventErrorCode,
  type ModelRiverEvent,
  type ParsedEvent,
  parseEvent,
} from './event.js';
export {
  createWebhookHandler,
  type HandlerContext,
  type WebhookHandler,
  type WebhookHandlerOptions,
} from './handler.js';
export { inspect, type Members, objectOf } from './json-text.js';
export {
  type CallbackOptions,
  DEFAULT_CALLBACK_ORIGINS,
  type FetchedResponse,
  type FetchLike,
  type ReceiverLog,
} from './options.js';
export { type ColumnLimits, type ContentRecord, idempotencyKey, toRecord } from './record.js';
export { parseRetryAfter } from './retry-after.js';
export * from './store.js';
export { type OnInsert, type PostgresStoreOptions, postgresStore, type Query } from './stores/postgres.js';
export { UnstorableError } from './unstorable.js';
export { verifySignature } from './verify.js';
