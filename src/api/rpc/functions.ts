/** A function that may be called over HTTP, as the migrations declare it. */
export interface RpcFunction {
  readonly name: string;
  /** Parameters and their SQL types, in order. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Those without a default. */
  readonly required: readonly string[];
  /** The columns of its rows, in order. */
  readonly columns: readonly string[];
  /** It is STABLE, so GET and HEAD may call it. */
  readonly readOnly: boolean;
}

/** The allow-list: nothing else can be called. A test holds it against `pg_proc`, so that neither can change without the other. */
const LIST: readonly RpcFunction[] = [
  {
    name: 'create_webhook',
    parameters: {
      p_name: 'varchar',
      p_url: 'text',
      p_description: 'text',
      p_event_types: 'text[]',
      p_retry_enabled: 'boolean',
      p_max_retries: 'integer',
      p_timeout_seconds: 'integer',
    },
    required: ['p_name', 'p_url'],
    columns: ['webhook_id', 'webhook_secret', 'subscribed_events'],
    readOnly: false,
  },
  {
    name: 'subscribe_webhook_events',
    parameters: { p_webhook_id: 'uuid', p_event_types: 'text[]' },
    required: ['p_webhook_id', 'p_event_types'],
    columns: ['subscribed_count', 'subscribed_events'],
    readOnly: false,
  },
  {
    name: 'unsubscribe_webhook_events',
    parameters: { p_webhook_id: 'uuid', p_event_types: 'text[]' },
    required: ['p_webhook_id', 'p_event_types'],
    columns: ['unsubscribed_count'],
    readOnly: false,
  },
  {
    name: 'trigger_webhook_event',
    parameters: { p_event_type: 'varchar', p_payload: 'jsonb', p_user_id: 'uuid' },
    required: ['p_event_type', 'p_payload'],
    columns: ['delivery_id', 'webhook_id', 'webhook_url'],
    readOnly: false,
  },
  {
    name: 'get_webhook_statistics',
    parameters: { p_webhook_id: 'uuid', p_days: 'integer' },
    required: ['p_webhook_id'],
    columns: [
      'total_deliveries',
      'successful_deliveries',
      'failed_deliveries',
      'success_rate',
      'avg_response_time_ms',
      'deliveries_by_day',
      'deliveries_by_event_type',
    ],
    readOnly: true,
  },
  {
    name: 'retry_failed_delivery',
    parameters: { p_delivery_id: 'uuid' },
    required: ['p_delivery_id'],
    columns: ['success', 'message'],
    readOnly: false,
  },
  {
    name: 'get_pending_webhook_retries',
    parameters: { p_limit: 'integer' },
    required: [],
    columns: [
      'delivery_id',
      'webhook_id',
      'webhook_url',
      'webhook_secret',
      'event_type',
      'request_payload',
      'attempt_number',
      'max_attempts',
    ],
    readOnly: false,
  },
  {
    name: 'complete_webhook_delivery',
    parameters: {
      p_delivery_id: 'uuid',
      p_response_status: 'integer',
      p_response_headers: 'jsonb',
      p_response_body: 'text',
      p_response_time_ms: 'integer',
      p_error_message: 'text',
      p_error_code: 'varchar',
      p_request_headers: 'jsonb',
      p_request_signature: 'varchar',
      p_retry_after_seconds: 'integer',
    },
    required: ['p_delivery_id'],
    columns: ['recorded', 'status', 'attempt_number', 'next_retry_at'],
    readOnly: false,
  },
  {
    name: 'rotate_webhook_secret',
    parameters: { p_webhook_id: 'uuid', p_overlap: 'interval' },
    required: ['p_webhook_id'],
    columns: ['webhook_secret', 'overlap_ends_at'],
    readOnly: false,
  },
  {
    name: 'end_webhook_secret_overlap',
    parameters: { p_webhook_id: 'uuid' },
    required: ['p_webhook_id'],
    columns: ['ended_count'],
    readOnly: false,
  },
  {
    name: 'set_webhook_headers',
    parameters: { p_webhook_id: 'uuid', p_headers: 'jsonb' },
    required: ['p_webhook_id', 'p_headers'],
    columns: ['header_names', 'headers_set_at'],
    readOnly: false,
  },
  {
    name: 'request_webhook_verification',
    parameters: { p_webhook_id: 'uuid' },
    required: ['p_webhook_id'],
    columns: ['webhook_id', 'requested_at'],
    readOnly: false,
  },
  {
    name: 'send_test_webhook_event',
    parameters: { p_webhook_id: 'uuid', p_event_type: 'varchar', p_payload: 'jsonb' },
    required: ['p_webhook_id'],
    columns: ['delivery_id', 'event_type'],
    readOnly: false,
  },
  {
    name: 'get_webhook_hourly_statistics',
    parameters: { p_webhook_id: 'uuid', p_hours: 'integer' },
    required: ['p_webhook_id'],
    columns: [
      'hour',
      'successful_deliveries',
      'failed_deliveries',
      'avg_response_time_ms',
      'p50_response_time_ms',
      'p90_response_time_ms',
      'p95_response_time_ms',
      'p99_response_time_ms',
    ],
    readOnly: true,
  },
  {
    name: 'get_overall_statistics',
    parameters: { p_hours: 'integer', p_user_id: 'uuid' },
    required: [],
    columns: ['hours', 'data', 'total', 'event_types', 'worst_webhooks'],
    readOnly: true,
  },
  {
    name: 'get_webhook_queue',
    parameters: { p_user_id: 'uuid' },
    required: [],
    columns: ['waiting', 'retrying', 'in_flight', 'oldest_due_at', 'is_capped'],
    readOnly: true,
  },
  {
    name: 'count_webhook_replay',
    parameters: { p_webhook_id: 'uuid', p_since: 'timestamptz', p_status: 'text', p_until: 'timestamptz' },
    required: ['p_webhook_id', 'p_since'],
    columns: ['total'],
    readOnly: true,
  },
  {
    name: 'create_webhook_replay',
    parameters: {
      p_webhook_id: 'uuid',
      p_since: 'timestamptz',
      p_status: 'text',
      p_until: 'timestamptz',
      p_rate_per_second: 'integer',
    },
    required: ['p_webhook_id', 'p_since'],
    columns: ['replay_id', 'total'],
    readOnly: false,
  },
  {
    name: 'cancel_webhook_replay',
    parameters: { p_replay_id: 'uuid' },
    required: ['p_replay_id'],
    columns: ['state', 'created', 'total'],
    readOnly: false,
  },
  {
    name: 'create_webhook_api_key',
    parameters: { p_name: 'varchar', p_access: 'text', p_expires_in: 'interval', p_user_id: 'uuid' },
    required: ['p_name', 'p_access'],
    columns: ['api_key_id', 'api_key'],
    readOnly: false,
  },
  {
    name: 'revoke_webhook_access_token',
    parameters: { p_token_id: 'uuid' },
    required: ['p_token_id'],
    columns: ['token_id', 'revoked_at'],
    readOnly: false,
  },
  {
    name: 'webhook_event_created_at',
    parameters: { p_event_id: 'uuid' },
    required: ['p_event_id'],
    columns: ['created_at'],
    readOnly: true,
  },
];

export const FUNCTIONS: ReadonlyMap<string, RpcFunction> = new Map(LIST.map((fn) => [fn.name, fn]));
