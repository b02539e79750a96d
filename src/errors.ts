/**
 * The one catalogue of errors. A code is stable: it may be added to, never renamed. `status` is the HTTP status it is answered with;
 * `sqlstate` is the class-HK state that the SQL functions raise it with (migrations/postgres).
 */
export const CATALOGUE = {
  // Requests
  invalid_request: { status: 400, title: 'The request is not well formed.' },
  invalid_cursor: { status: 400, title: 'The cursor is none that a page of this list gave.' },
  invalid_json: { status: 400, title: 'The body is not JSON.' },
  unauthorized: { status: 401, title: 'The request carries no valid credentials.' },
  malformed_token: { status: 401, title: 'The token is not a JWT with the claims that are needed.' },
  invalid_token: { status: 401, title: 'The token is not signed with a key and algorithm that are known here.' },
  token_expired: { status: 401, title: 'The token has expired.' },
  unknown_token: { status: 401, title: 'The API key or portal token is not known here.' },
  token_revoked: { status: 401, title: 'The API key or portal token was revoked.' },
  token_not_active: { status: 401, title: 'The token is not valid yet.' },
  invalid_token_audience: { status: 401, title: 'The token is for another audience.' },
  invalid_token_issuer: { status: 401, title: 'The token comes from another issuer.' },
  invalid_token_role: { status: 401, title: 'The role of the token is not taken.' },
  invalid_token_subject: { status: 401, title: 'The token names no user.' },
  session_expired: { status: 401, title: 'The session has ended, or is none of this server.' },
  token_user_unknown: { status: 401, title: 'The user of the token is not known here.' },
  read_only_credential: { status: 403, title: 'This key or token may only read.' },
  forbidden: { status: 403, title: 'This route is for the service alone.' },
  csrf_token_missing: { status: 403, title: 'The request comes by a session, and lacks its CSRF token.' },
  cross_origin_request: { status: 403, title: 'The request comes by a session, from a page of another origin.' },
  not_found: { status: 404, title: 'There is nothing here.' },
  dashboard_not_built: { status: 404, title: 'The dashboard has not been built.' },
  method_not_allowed: { status: 405, title: 'This path does not take that method.' },
  request_timeout: { status: 408, title: 'The request did not arrive in time.' },
  version_changed: { status: 412, title: 'It has changed since the version that If-Match names.' },
  credential_too_long: { status: 422, title: 'The credential is too long for the cookie of a session.' },
  host_not_allowed: { status: 421, title: 'The dashboard may not be opened under this host name.' },
  query_too_large: { status: 400, title: 'The GraphQL document asks for too much.' },
  body_too_large: { status: 413, title: 'The body is larger than the limit.' },
  unsupported_media_type: { status: 415, title: 'The body must be application/json.' },
  too_many_streams: { status: 429, title: 'The user has too many streams open.' },
  rate_limited: { status: 429, title: 'Too many requests in a minute.' },
  headers_too_large: { status: 431, title: 'The headers of the request are too large.' },
  internal_error: { status: 500, title: 'Something went wrong on our side.' },
  service_key_not_set: { status: 503, title: 'This route needs HOOKLINE_SERVICE_KEY, which is not set.' },
  token_keys_not_set: {
    status: 503,
    title: 'Tokens need HOOKLINE_JWT_SECRET or HOOKLINE_JWKS_URL, and neither is set.',
  },
  jwks_unavailable: { status: 503, title: 'The keys at HOOKLINE_JWKS_URL cannot be fetched.' },
  webhook_secret_not_set: { status: 503, title: 'This route needs MODELRIVER_WEBHOOK_SECRET, which is not set.' },
  api_key_not_set: { status: 503, title: 'This route needs MODELRIVER_API_KEY, which is not set.' },
  database_unavailable: { status: 503, title: 'The database cannot be reached or is overloaded.' },
  secret_unreadable: { status: 503, title: 'A stored secret cannot be decrypted.' },
  shutting_down: { status: 503, title: 'The server is shutting down.' },
  // Raised by SQL
  unknown_event_type: { status: 422, title: 'The event type is not registered, or disabled.', sqlstate: 'HK001' },
  webhook_not_found: { status: 404, title: 'There is no such webhook, or it is not yours.', sqlstate: 'HK002' },
  not_signed_in: { status: 401, title: 'No user is signed in.', sqlstate: 'HK003' },
  payload_too_large: { status: 413, title: 'The payload is larger than 256 KiB.', sqlstate: 'HK004' },
  invalid_payload: { status: 422, title: 'The payload cannot be used.', sqlstate: 'HK005' },
  invalid_payload_schema: { status: 422, title: 'The schema of the event type cannot be used.' },
  invalid_filter: { status: 422, title: 'The filter is not well formed.', sqlstate: 'HK006' },
  webhook_quota_reached: {
    status: 409,
    title: 'The user has as many webhooks as the quota allows.',
    sqlstate: 'HK007',
  },
  invalid_parameter: { status: 422, title: 'A parameter is out of its range.', sqlstate: 'HK008' },
  idempotency_conflict: { status: 409, title: 'The idempotency key was used with another request.', sqlstate: 'HK009' },
  unknown_user: { status: 422, title: 'There is no such user.', sqlstate: 'HK010' },
  invalid_url: { status: 422, title: 'The URL must start with http:// or https://.', sqlstate: 'HK011' },
  too_many_secrets: { status: 409, title: 'Too many earlier secrets of the webhook still sign.', sqlstate: 'HK012' },
  replay_not_found: { status: 404, title: 'There is no such replay, or it is not yours.', sqlstate: 'HK013' },
  replay_running: { status: 409, title: 'A replay of this webhook is running.', sqlstate: 'HK014' },
  too_many_signing_keys: {
    status: 409,
    title: 'Too many earlier keys of the installation still sign.',
    sqlstate: 'HK022',
  },
  invalid_headers: { status: 422, title: 'The custom headers cannot be set.', sqlstate: 'HK023' },
  secret_key_missing: {
    status: 503,
    title: 'Secrets are encrypted with a key that is not set here.',
    sqlstate: 'HK051',
  },
  secret_key_wrong: {
    status: 500,
    title: 'A key of HOOKLINE_SECRET_KEYS is not the one that secrets are encrypted with under its id.',
    sqlstate: 'HK052',
  },
  access_token_not_found: {
    status: 404,
    title: 'There is no such API key or portal token, or it is not yours.',
    sqlstate: 'HK015',
  },
  sign_in_required: {
    status: 403,
    title: 'This takes a signed-in user: a key or token makes no other.',
    sqlstate: 'HK016',
  },
  api_key_quota_reached: {
    status: 409,
    title: 'The user has as many API keys as the quota allows.',
    sqlstate: 'HK017',
  },
  webhook_inactive: { status: 409, title: 'The webhook is inactive.', sqlstate: 'HK031' },
  webhook_unverified: { status: 409, title: 'The URL of the webhook has not been verified.', sqlstate: 'HK032' },
  test_too_soon: { status: 429, title: 'A test event was sent to this webhook a moment ago.', sqlstate: 'HK033' },
  backlog_full: { status: 429, title: 'The user has too many unfinished deliveries.', sqlstate: 'HK041' },
  delivery_not_found: { status: 404, title: 'There is no such delivery, or it is not yours.' },
  content_not_found: { status: 404, title: 'There is no such content, or it is not yours.' },
  content_stored_elsewhere: { status: 409, title: 'AI webhooks are stored in another database, which knows no users.' },
  delivery_not_failed: { status: 409, title: 'The delivery has not failed.' },
  event_type_not_found: { status: 404, title: 'There is no such event type.' },
  event_type_exists: { status: 409, title: 'There is an event type of this name.' },
  event_type_in_use: { status: 409, title: 'Subscriptions or deliveries need the event type.' },
  subscription_not_found: { status: 404, title: 'The webhook is not subscribed to this event type.' },
  not_storable: { status: 422, title: 'PostgreSQL cannot store a NUL character or a lone surrogate.' },
  // Start and operation
  invalid_config: { status: 500, title: 'A setting is wrong.' },
  address_in_use: { status: 500, title: 'Another process listens on this address.' },
  data_dir_locked: { status: 500, title: 'Another process uses this data folder.' },
  needs_postgres: { status: 500, title: 'This needs PostgreSQL.' },
  worker_not_started: { status: 500, title: 'A worker process did not start.' },
  database_refused: { status: 500, title: 'PostgreSQL refused the login, or a right that it lacks.' },
  migration_changed: { status: 500, title: 'A migration that was applied has changed since.' },
  migration_missing: { status: 500, title: 'The database holds a migration that this version does not know.' },
  migration_failed: { status: 500, title: 'A migration failed and was rolled back.' },
  cannot_partition: { status: 500, title: 'The table of deliveries cannot be partitioned as it is.' },
  direct_ddl_disabled: {
    status: 500,
    title: 'This database takes schema changes by deploy requests alone (safe migrations are on).',
  },
  // Schema branches
  invalid_branch_name: { status: 422, title: 'The name of the branch cannot be used.' },
  branch_exists: { status: 409, title: 'There is a branch of this name.' },
  branch_not_found: { status: 404, title: 'There is no such branch.' },
  branch_protected: { status: 409, title: 'The production branch is changed by deploy requests alone.' },
  branch_in_use: { status: 409, title: 'An open deploy request, or a replay, needs the branch.' },
  branch_moved: { status: 409, title: 'The schema of the branch has changed since the deploy request was made.' },
  sql_file_unreadable: { status: 422, title: 'The SQL file cannot be read.' },
  schema_unreadable: { status: 500, title: 'The schema of the database holds what Hookline cannot read.' },
  schema_lint_failed: { status: 422, title: 'The schema breaks a rule.' },
  schema_apply_failed: { status: 422, title: 'A statement of the SQL file failed.' },
  schema_conflict: {
    status: 409,
    title: 'The branch and the branch it goes into were changed in ways that do not fit.',
  },
  schema_timeout: { status: 504, title: 'It took longer than the time that was given.' },
  deploy_request_not_found: { status: 404, title: 'There is no such deploy request.' },
  deploy_request_exists: { status: 409, title: 'The branch has an open deploy request.' },
  deploy_request_not_deployable: { status: 409, title: 'The deploy request cannot do that in its state.' },
  deploy_in_progress: { status: 409, title: 'Another deployment is running.' },
  deploy_failed: { status: 500, title: 'The deployment failed.' },
  online_ddl_refused: { status: 409, title: 'The server cannot make this change without blocking the table.' },
  revert_window_over: { status: 409, title: 'The deployment can no longer be reverted.' },
  data_loss_not_confirmed: { status: 409, title: 'The change takes away stored data.' },
  replay_source_empty: { status: 422, title: 'There is no webhook to replay.' },
  replay_source_unreadable: { status: 422, title: 'A webhook to replay cannot be read.' },
  replay_handler_unreadable: { status: 422, title: 'The handler of the replay cannot be loaded.' },
  replay_worse: { status: 409, title: 'Something got worse in the replay.' },
  replay_required: { status: 409, title: 'The deploy request requires a passed replay of the schema as it is.' },
  planetscale_unavailable: { status: 503, title: "PlanetScale's API cannot be reached or is overloaded." },
  planetscale_refused: { status: 502, title: "PlanetScale's API refused the request." },
  // The command line
  server_unreachable: { status: 503, title: 'The server cannot be reached.' },
  server_timeout: { status: 504, title: 'The server did not answer in time.' },
  file_unreadable: { status: 422, title: 'The file cannot be read.' },
  verification_failed: { status: 409, title: 'The URL was not verified.' },
  test_failed: { status: 502, title: 'The endpoint did not take the test event.' },
  replay_not_completed: { status: 409, title: 'The replay ended before it had made all deliveries.' },
  not_confirmed: { status: 409, title: 'It was not confirmed.' },
  answer_unreadable: { status: 502, title: 'The answer of the server cannot be read.' },
  not_hookline: { status: 502, title: 'What answers there is no Hookline.' },
  delivery_failed: { status: 500, title: 'A delivery of the event has failed.' },
  wait_timeout: { status: 504, title: 'It has not ended within the time that was given.' },
  gateway_sim_failed: { status: 500, title: 'A webhook was not delivered, or not called back.' },
  demo_failed: { status: 500, title: 'A step of the demo was not seen to happen.' },
  secret_keys_not_set: { status: 500, title: 'This needs HOOKLINE_SECRET_KEYS, which is not set.' },
  secret_key_not_everywhere: { status: 409, title: 'Workers run that do not hold the key.' },
  secrets_left: { status: 409, title: 'Some secrets were left as they were.' },
  not_migrated: { status: 500, title: 'The database lacks migrations.' },
} as const satisfies Record<string, { status: number; title: string; sqlstate?: string }>;

export type ErrorCode = keyof typeof CATALOGUE;

/** One wrong place of a request. */
export interface Finding {
  /** A JSON pointer (RFC 6901) into the body. */
  readonly pointer: string;
  readonly detail: string;
}

/** An error of the catalogue. `message` says what happened, `hint` what to mend; neither carries a secret, a token or SQL. */
export class HooklineError extends Error {
  readonly code: ErrorCode;
  readonly status: number;
  readonly hint: string | undefined;
  /** What is wrong where, for those who would mark it. */
  readonly findings: readonly Finding[];

  constructor(
    code: ErrorCode,
    message?: string,
    options: { hint?: string; cause?: unknown; findings?: readonly Finding[] } = {},
  ) {
    super(message ?? CATALOGUE[code].title, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'HooklineError';
    this.code = code;
    this.status = CATALOGUE[code].status;
    this.hint = options.hint;
    this.findings = options.findings ?? [];
  }
}

/** The code of an error, whoever made it: the catalogue's, a SQLSTATE, errno or a library's own; undefined where there is none. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
