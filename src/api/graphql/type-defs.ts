/** The schema over the same functions as REST, with its names: those of the columns. */
export const TYPE_DEFS = /* GraphQL */ `
  "A UUID, in whichever case."
  scalar UUID
  "ISO 8601 with its zone; answers are in UTC."
  scalar DateTime
  "Any JSON. Numbers are JavaScript's here; REST gives them in their own digits."
  scalar JSON
  "A JSON object."
  scalar JSONObject

  enum DeliveryStatus { pending success retrying failed }
  enum ReplayStatus { failed all }
  enum SignatureAlgorithm { sha256 sha512 }
  "attempted: an attempt failed, and the delivery is retrying as it was before. gap: some changes cannot be told any more, list again."
  enum ChangeKind { created attempted succeeded failed retrying gap }

  type Query {
    webhook(id: UUID!): Webhook!
    "user_id and external_user_id are for the service."
    webhooks(is_active: Boolean, event_type: String, user_id: UUID, external_user_id: String, first: Int = 20, after: String): WebhookPage!
    event_type(event_type: String!): EventType!
    event_types(category: String, is_enabled: Boolean, first: Int = 20, after: String): EventTypePage!
    delivery(id: UUID!): Delivery!
    "Without payload and bodies: these are null in a list."
    deliveries(
      webhook_id: UUID, event_type: String, status: DeliveryStatus, event_id: UUID, since: DateTime, until: DateTime,
      user_id: UUID, external_user_id: String, first: Int = 20, after: String
    ): DeliveryPage!
    replay(id: UUID!): Replay!
    "How many deliveries a replay would send again, in digits."
    replay_count(input: ReplayInput!): String!
  }

  type Mutation {
    create_webhook(input: WebhookInput!, event_types: [String!] = [], user_id: UUID, external_user_id: String): CreatedWebhook!
    update_webhook(id: UUID!, input: WebhookChange!): Webhook!
    delete_webhook(id: UUID!): Boolean!
    "Asks for a verification of the URL, which a worker makes within seconds."
    verify_webhook(id: UUID!): Boolean!
    "The one before it signs beside it for so many seconds."
    rotate_webhook_secret(id: UUID!, overlap_seconds: Int = 86400): RotatedSecret!
    end_webhook_secret_overlap(id: UUID!): Boolean!
    "The id of the delivery that it made."
    send_test_event(id: UUID!, event_type: String, payload: JSONObject): UUID!
    put_subscription(webhook_id: UUID!, event_type: String!, is_active: Boolean = true, filters: JSONObject): WebhookSubscription!
    delete_subscription(webhook_id: UUID!, event_type: String!): Boolean!
    retry_delivery(id: UUID!): Delivery!
    create_replay(input: ReplayInput!, rate_per_second: Int = 100): Replay!
    cancel_replay(id: UUID!): Replay!
  }

  type Subscription {
    "The deliveries as they are made and as they change. With the position of the last change in after it goes on there, within an hour."
    delivery_changed(
      webhook_id: UUID, event_type: String, status: DeliveryStatus, user_id: UUID, external_user_id: String, after: String
    ): DeliveryChange!
  }

  type Webhook {
    id: UUID!, user_id: UUID!, name: String!, url: String!, description: String, signature_algorithm: SignatureAlgorithm!
    is_active: Boolean!, is_verified: Boolean!, verified_at: DateTime, verification_error_code: String, verification_error: String
    retry_enabled: Boolean!, max_retries: Int!, retry_delay_seconds: Int!, timeout_seconds: Int!
    rate_limit_per_second: Int, rate_limit_burst: Int, is_ordered: Boolean!, ordering_key_path: String, sign_asymmetric: Boolean!
    total_deliveries: Int!, successful_deliveries: Int!, failed_deliveries: Int!, consecutive_failures: Int!
    last_delivery_at: DateTime, last_success_at: DateTime, last_failure_at: DateTime
    failing_since: DateTime, inactive_since: DateTime, disabled_reason: String, paused_until: DateTime, breaker_until: DateTime
    metadata: JSON!, created_at: DateTime!, updated_at: DateTime!
    subscriptions(first: Int = 20, after: String): SubscriptionPage!
    deliveries(event_type: String, status: DeliveryStatus, first: Int = 20, after: String): DeliveryPage!
    replays(first: Int = 20, after: String): ReplayPage!
    statistics(days: Int = 30): Statistics!
  }
  type CreatedWebhook {
    webhook: Webhook!
    "Shown this once."
    secret: String!
  }
  type RotatedSecret { secret: String!, overlap_ends_at: DateTime }
  type Statistics {
    total_deliveries: Float!, successful_deliveries: Float!, failed_deliveries: Float!, success_rate: Float, avg_response_time_ms: Float
    deliveries_by_day: JSON!, deliveries_by_event_type: JSON!
  }
  "The subscription of a webhook to an event type."
  type WebhookSubscription {
    id: UUID!, webhook_id: UUID!, event_type: String!, is_active: Boolean!, filters: JSON, created_at: DateTime!, updated_at: DateTime!
  }
  type EventType {
    id: UUID!, event_type: String!, category: String!, description: String, is_enabled: Boolean!, payload_schema: JSON
    created_at: DateTime!, updated_at: DateTime!
  }
  type Delivery {
    id: UUID!, webhook_id: UUID!, user_id: UUID!, event_id: UUID, event_type: String!, status: DeliveryStatus!
    attempt_number: Int!, max_attempts: Int!, request_url: String!, request_headers: JSON, request_payload: JSON
    response_status: Int, response_headers: JSON, response_body: String, response_time_ms: Int
    error_code: String, error_message: String, replay_of: UUID, metadata: JSON
    next_retry_at: DateTime, created_at: DateTime!, attempted_at: DateTime, delivered_at: DateTime, failed_at: DateTime
    attempts: [Attempt!]!
  }
  type Attempt {
    attempt_number: Int!, is_latest: Boolean!, is_late: Boolean!, attempted_at: DateTime, request_url: String, request_headers: JSON
    response_status: Int, response_headers: JSON, response_body: String, response_time_ms: Int, error_code: String, error_message: String
  }
  type Replay {
    id: UUID!, webhook_id: UUID!, state: String!, status_filter: ReplayStatus!, since: DateTime!, until: DateTime!, rate_per_second: Int!
    total: Float!, created: Float!, waiting_for: String, waiting_since: DateTime
    created_at: DateTime!, started_at: DateTime, ended_at: DateTime
  }
  type DeliveryChange {
    "Where to go on: after it nothing is lost, and nothing comes twice."
    position: String!
    kind: ChangeKind!
    changed_at: DateTime
    "Null in a gap."
    delivery: Delivery
  }

  type WebhookPage { data: [Webhook!]!, next_cursor: String }
  type SubscriptionPage { data: [WebhookSubscription!]!, next_cursor: String }
  type EventTypePage { data: [EventType!]!, next_cursor: String }
  type DeliveryPage { data: [Delivery!]!, next_cursor: String }
  type ReplayPage { data: [Replay!]!, next_cursor: String }

  input WebhookInput {
    name: String!, url: String!, description: String, signature_algorithm: SignatureAlgorithm, is_active: Boolean
    retry_enabled: Boolean, max_retries: Int, retry_delay_seconds: Int, timeout_seconds: Int
    rate_limit_per_second: Int, rate_limit_burst: Int, is_ordered: Boolean, ordering_key_path: String, sign_asymmetric: Boolean, metadata: JSONObject
  }
  "What is left out stays as it is."
  input WebhookChange {
    name: String, url: String, description: String, signature_algorithm: SignatureAlgorithm, is_active: Boolean
    retry_enabled: Boolean, max_retries: Int, retry_delay_seconds: Int, timeout_seconds: Int
    rate_limit_per_second: Int, rate_limit_burst: Int, is_ordered: Boolean, ordering_key_path: String, sign_asymmetric: Boolean, metadata: JSONObject
  }
  input ReplayInput { webhook_id: UUID!, since: DateTime!, until: DateTime, status: ReplayStatus = failed }
`;
