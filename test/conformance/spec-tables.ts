/** The tables of spec/outbound-webhooks.md, written down once for the catalogue comparison. */

/** A column as pg_catalog describes it: type by `format_type`. `nullable` only where the specification settles it. */
export interface ColumnSpec {
  readonly type: string;
  readonly nullable?: boolean;
}

export interface ForeignKeySpec {
  readonly columns: string;
  readonly references: string;
  /** Whether the row goes with the one it belongs to; undefined where the specification does not tell. */
  readonly cascade?: boolean;
}

export interface IndexSpec {
  readonly name: string;
  readonly columns: string;
  readonly predicate?: string;
}

export interface TableSpec {
  readonly columns: Readonly<Record<string, ColumnSpec>>;
  readonly unique?: readonly string[];
  readonly foreignKeys: readonly ForeignKeySpec[];
  readonly indexes: readonly IndexSpec[];
}

const UUID = { type: 'uuid' };
const TEXT = { type: 'text' };
const INTEGER = { type: 'integer' };
const BOOLEAN = { type: 'boolean' };
const JSONB = { type: 'jsonb' };
const TIME = { type: 'timestamp with time zone' };
const varchar = (length: number): ColumnSpec => ({ type: `character varying(${length})` });
const optional = (column: ColumnSpec): ColumnSpec => ({ ...column, nullable: true });
const ID = { ...UUID, nullable: false };

export const TABLES: Readonly<Record<string, TableSpec>> = {
  webhooks: {
    columns: {
      id: ID,
      user_id: UUID,
      name: varchar(255),
      url: TEXT,
      description: optional(TEXT),
      secret: varchar(255),
      signature_algorithm: varchar(50),
      is_active: BOOLEAN,
      is_verified: BOOLEAN,
      verification_token: varchar(255),
      verified_at: optional(TIME),
      retry_enabled: BOOLEAN,
      max_retries: INTEGER,
      retry_delay_seconds: INTEGER,
      timeout_seconds: INTEGER,
      total_deliveries: INTEGER,
      successful_deliveries: INTEGER,
      failed_deliveries: INTEGER,
      last_delivery_at: optional(TIME),
      last_success_at: optional(TIME),
      last_failure_at: optional(TIME),
      metadata: JSONB,
      created_at: TIME,
      updated_at: TIME,
    },
    foreignKeys: [{ columns: 'user_id', references: 'auth.users(id)' }],
    indexes: [
      { name: 'idx_webhooks_user_id', columns: 'user_id' },
      { name: 'idx_webhooks_is_active', columns: 'is_active' },
      { name: 'idx_webhooks_created_at', columns: 'created_at' },
    ],
  },
  webhook_events: {
    columns: {
      id: ID,
      event_type: varchar(100),
      category: varchar(50),
      description: TEXT,
      is_enabled: BOOLEAN,
      payload_schema: JSONB,
      created_at: TIME,
      updated_at: TIME,
    },
    unique: ['event_type'],
    foreignKeys: [],
    indexes: [
      { name: 'idx_webhook_events_category', columns: 'category' },
      { name: 'idx_webhook_events_is_enabled', columns: 'is_enabled' },
    ],
  },
  webhook_event_subscriptions: {
    columns: {
      id: ID,
      webhook_id: UUID,
      event_type: varchar(100),
      is_active: BOOLEAN,
      filters: optional(JSONB),
      created_at: TIME,
      updated_at: TIME,
    },
    unique: ['webhook_id, event_type'],
    foreignKeys: [
      { columns: 'webhook_id', references: 'public.webhooks(id)', cascade: true },
      { columns: 'event_type', references: 'public.webhook_events(event_type)' },
    ],
    indexes: [
      { name: 'idx_webhook_event_subs_webhook_id', columns: 'webhook_id' },
      { name: 'idx_webhook_event_subs_event_type', columns: 'event_type' },
      { name: 'idx_webhook_event_subs_is_active', columns: 'is_active' },
    ],
  },
  webhook_deliveries: {
    columns: {
      id: ID,
      webhook_id: UUID,
      event_type: varchar(100),
      request_url: TEXT,
      request_method: varchar(10),
      request_headers: JSONB,
      request_payload: JSONB,
      request_signature: varchar(255),
      response_status: optional(INTEGER),
      response_headers: JSONB,
      response_body: TEXT,
      response_time_ms: optional(INTEGER),
      status: varchar(20),
      attempt_number: INTEGER,
      max_attempts: INTEGER,
      next_retry_at: optional(TIME),
      error_message: optional(TEXT),
      error_code: optional(varchar(50)),
      created_at: TIME,
      delivered_at: optional(TIME),
      failed_at: optional(TIME),
      metadata: JSONB,
    },
    foreignKeys: [{ columns: 'webhook_id', references: 'public.webhooks(id)', cascade: true }],
    indexes: [
      { name: 'idx_webhook_deliveries_webhook_id', columns: 'webhook_id' },
      { name: 'idx_webhook_deliveries_event_type', columns: 'event_type' },
      { name: 'idx_webhook_deliveries_status', columns: 'status' },
      { name: 'idx_webhook_deliveries_created_at', columns: 'created_at' },
      { name: 'idx_webhook_deliveries_next_retry', columns: 'next_retry_at', predicate: "status = 'retrying'" },
    ],
  },
};

/** The preset event types: category, and the words of the specification that its description must carry. */
export const PRESETS: Readonly<Record<string, { readonly category: string; readonly description: RegExp }>> = {
  'video.generated': { category: 'video', description: /generation completed/i },
  'video.failed': { category: 'video', description: /generation failed/i },
  'credit.added': { category: 'credit', description: /credits added/i },
  'credit.consumed': { category: 'credit', description: /credits consumed/i },
  'subscription.created': { category: 'subscription', description: /subscription created/i },
  'subscription.renewed': { category: 'subscription', description: /subscription renewed/i },
  'subscription.cancelled': { category: 'subscription', description: /subscription cancelled/i },
  'webhook.disabled': { category: 'webhook', description: /\S/ },
};

export interface FunctionSpec {
  /** As `pg_get_function_arguments` writes it: lengths are no part of an argument's type in PostgreSQL. */
  readonly args: string;
  readonly result: string;
  readonly serviceOnly?: boolean;
}

export const FUNCTIONS: Readonly<Record<string, FunctionSpec>> = {
  create_webhook: {
    args:
      'p_name character varying, p_url text, p_description text DEFAULT NULL::text, ' +
      "p_event_types text[] DEFAULT '{}'::text[], p_retry_enabled boolean DEFAULT true, " +
      'p_max_retries integer DEFAULT 3, p_timeout_seconds integer DEFAULT 30',
    result: 'TABLE(webhook_id uuid, webhook_secret character varying, subscribed_events jsonb)',
  },
  subscribe_webhook_events: {
    args: 'p_webhook_id uuid, p_event_types text[]',
    result: 'TABLE(subscribed_count integer, subscribed_events jsonb)',
  },
  unsubscribe_webhook_events: {
    args: 'p_webhook_id uuid, p_event_types text[]',
    result: 'TABLE(unsubscribed_count integer)',
  },
  trigger_webhook_event: {
    args: 'p_event_type character varying, p_payload jsonb, p_user_id uuid DEFAULT NULL::uuid',
    result: 'TABLE(delivery_id uuid, webhook_id uuid, webhook_url text)',
    serviceOnly: true,
  },
  get_webhook_statistics: {
    args: 'p_webhook_id uuid, p_days integer DEFAULT 30',
    result:
      'TABLE(total_deliveries bigint, successful_deliveries bigint, failed_deliveries bigint, success_rate numeric, ' +
      'avg_response_time_ms numeric, deliveries_by_day jsonb, deliveries_by_event_type jsonb)',
  },
  retry_failed_delivery: {
    args: 'p_delivery_id uuid',
    result: 'TABLE(success boolean, message text)',
  },
  get_pending_webhook_retries: {
    args: 'p_limit integer DEFAULT 100',
    result:
      'TABLE(delivery_id uuid, webhook_id uuid, webhook_url text, webhook_secret character varying, ' +
      'event_type character varying, request_payload jsonb, attempt_number integer, max_attempts integer)',
    serviceOnly: true,
  },
};
