export { type DrainCounts, type DrainOptions, type DrainResult, drain } from './drain.js';
export { type Emitter, eventPayload, type OutgoingEvent } from './emit.js';
export { type RestEmitterOptions, restEmitter } from './emitters/rest.js';
export { emissionOutcome, sqlEmitter, triggerInTransaction } from './emitters/sql.js';
export { consoleLog, drainWebhooks, type EnvironmentContext, handleWebhook } from './environment.js';
export {
  AI_GENERATED,
  type AiGeneratedEvent,
  type AiResponse,
  type CustomerData,
  type Envelope,
  EventError,
  type EventErrorCode,
  type Meta,
  type ModelRiverEvent,
  type ParsedEvent,
  parseEvent,
  TASK_COMPLETED,
  type TaskCompletedEvent,
  type UnknownEvent,
} from './event.js';
export type { ColumnLimits, FittedRecord, Limit } from './fit.js';
export { createWebhookHandler } from './handler.js';
export type {
  HandlerContext,
  OnStored,
  OnTaskCompleted,
  StoredWebhook,
  WebhookHandler,
  WebhookHandlerOptions,
} from './handler-options.js';
export { elementsOf, inspect, type Members, membersOf, objectOf } from './json-text.js';
export type { ColumnValue, MappedRecord, MapRecord } from './map-record.js';
export {
  DEFAULT_CALLBACK_ORIGINS,
  type FetchedResponse,
  type FetchLike,
  type FollowUpOptions,
  type ReceiverLog,
} from './options.js';
export { type ContentRecord, idempotencyKey, toRecord } from './record.js';
export { parseRetryAfter } from './retry-after.js';
export { MappingError } from './row.js';
export * from './store.js';
export type { Params } from './stores/fields.js';
export { type Gather, gather } from './stores/gather.js';
export { type MysqlExecutor, type MysqlStoreOptions, mysqlRun, mysqlStore } from './stores/mysql.js';
export { StatementError } from './stores/mysql-errors.js';
export type { Ran, Run } from './stores/mysql-run.js';
export {
  type PlanetscaleFetch,
  type PlanetscaleStoreOptions,
  planetscaleRun,
  planetscaleStore,
} from './stores/planetscale.js';
export { type OnInsert, type PostgresStoreOptions, postgresStore, type Query } from './stores/postgres.js';
export { UnstorableError } from './unstorable.js';
export { verifySignature } from './verify.js';
