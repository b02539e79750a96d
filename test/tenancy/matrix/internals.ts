import { table } from '../notation.js';

/** What stands in schema hookline beside deliveries: for the service alone, whosever the rows are. */
export const INTERNALS = [
  table(
    { table: 'hookline.migrations', whose: 'NULL', insert: { name: "'9999_new.sql'", hash: "'0'" } },
    `
    column      anon  user  service  value
    name        -     -     S        name || 'x'
    hash        -     -     S        '0'
    applied_at  -     -     S        '2020-01-01'
    DELETE      -     -     -
    `,
  ),
  table(
    { table: 'hookline.settings', whose: 'NULL', insert: { only_row: 'true' } },
    `
    column                 anon  user  service  value
    only_row               -     -     SU       true
    webhooks_per_user      -     -     SU       9
    api_keys_per_user      -     -     SU       9
    waiting_limit          -     -     SU       '1 hour'
    failing_limit          -     -     SU       '1 hour'
    idempotency_window     -     -     SU       '1 hour'
    verification           -     -     SU       'required'
    successful_retention   -     -     SU       '1 hour'
    failed_retention       -     -     SU       '1 hour'
    audit_retention_days   -     -     SU       99
    max_pending_per_user   -     -     SU       9
    calls_per_webhook      -     -     SU       9
    calls_per_user         -     -     SU       9
    breaker_failures       -     -     SU       9
    breaker_pause          -     -     SU       '1 hour'
    breaker_longest_pause  -     -     SU       '1 hour'
    installation           -     -     SU       gen_random_uuid()
    encrypt_secrets        -     -     SU       false
    partition_days         -     -     SU       9
    DELETE                 -     -     -
    `,
  ),
  table(
    { table: 'hookline.events', whose: 'user_id', insert: { event_type: "'credit.added'", payload: "'{}'" } },
    `
    column           anon  user  service  value
    id               -     -     SIU      =
    event_type       -     -     SIU      'video.failed'
    payload          -     -     SIU      '{"forged": true}'
    user_id          -     -     SIU      $me
    idempotency_key  -     -     SIU      gen_random_uuid()::text
    matched          -     -     SIU      9
    skipped          -     -     SIU      9
    request_id       -     -     SIU      'forged'
    traceparent      -     -     SIU      '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
    created_at       -     -     SIU      '2020-01-01'
    DELETE           -     -     D
    `,
  ),
  table(
    {
      table: 'hookline.queue',
      whose: 'user_id',
      insert: {
        delivery_id: 'gen_random_uuid()',
        webhook_id: '$hook',
        user_id: '$owner',
        is_retry: 'true',
        bytes: '2',
        due_at: 'now()',
      },
    },
    `
    column         anon  user  service  value
    delivery_id    -     -     SIU      =
    webhook_id     -     -     SIU      =
    user_id        -     -     SIU      $me
    is_retry       -     -     SIU      false
    bytes          -     -     SIU      9
    due_at         -     -     SIU      '2020-01-01'
    lease_id       -     -     SIU      gen_random_uuid()
    lease_worker   -     -     SIU      gen_random_uuid()
    taken_lease    -     -     SIU      gen_random_uuid()
    position       -     -     SIU      DEFAULT
    delivery_created_at  -     -     SIU      '2020-01-01'
    is_waiting     -     -     SIU      true
    lease_ends_at  -     -     SIU      '2020-01-01'
    is_counted     -     -     SIU      true
    ordering_key   -     -     SIU      'v1'
    DELETE         -     -     D
    `,
  ),
  table(
    {
      table: 'hookline.leases',
      whose: 'NULL',
      insert: { lease_id: 'gen_random_uuid()', ends_at: 'now()', is_counted: 'true', deliveries: "'{}'" },
    },
    `
    column      anon  user  service  value
    lease_id    -     -     SIU      =
    worker      -     -     SIU      gen_random_uuid()
    ends_at     -     -     SIU      '2020-01-01'
    is_counted  -     -     SIU      false
    deliveries  -     -     SIU      '{}'
    DELETE      -     -     D
    `,
  ),
  table(
    {
      table: 'hookline.ends_to_count',
      whose: 'NULL',
      insert: { ended: "ROW($hook, 'credit.added', now(), true, 1, 1)" },
    },
    `
    column  anon  user  service  value
    xact    -     -     SIU      '1'
    ended   -     -     SIU      ROW($hook, 'credit.added', now(), true, 2, 1)
    DELETE  -     -     D
    `,
  ),
  table(
    { table: 'hookline.workers', whose: 'NULL', insert: { id: 'gen_random_uuid()', name: "'new'" } },
    `
    column             anon  user  service  value
    id                 -     -     SIU      =
    name               -     -     SIU      'renamed'
    started_at         -     -     SIU      '2020-01-01'
    heartbeat_at       -     -     SIU      '2020-01-01'
    is_idle            -     -     SIU      true
    rollbacks          -     -     SIU      9
    calls_per_webhook  -     -     SIU      9
    calls_per_user     -     -     SIU      9
    secret_keys        -     -     SIU      '{k9:forged}'
    DELETE             -     -     D
    `,
  ),
  table(
    {
      table: 'hookline.statistics_daily',
      whose: '(SELECT w.user_id FROM public.webhooks w WHERE w.id = webhook_id)',
      insert: { webhook_id: '$hook', day: "'2020-01-01'", event_type: "'credit.added'" },
    },
    `
    column            anon  user  service  value
    webhook_id        -     -     SIU      =
    day               -     -     SIU      day + 1000
    event_type        -     -     SIU      'credit.consumed'
    successful        -     -     SIU      9
    failed            -     -     SIU      9
    responses         -     -     SIU      9
    response_time_ms  -     -     SIU      9
    DELETE            -     -     D
    `,
  ),
  table(
    {
      table: 'hookline.statistics_hourly',
      whose: '(SELECT w.user_id FROM public.webhooks w WHERE w.id = webhook_id)',
      insert: {
        webhook_id: '$hook',
        hour: "'2020-01-01'",
        event_type: "'credit.added'",
        latency: 'array_fill(0, ARRAY[12])',
      },
    },
    `
    column            anon  user  service  value
    webhook_id        -     -     SIU      =
    hour              -     -     SIU      hour + interval '1000 days'
    event_type        -     -     SIU      'credit.consumed'
    successful        -     -     SIU      9
    failed            -     -     SIU      9
    responses         -     -     SIU      9
    response_time_ms  -     -     SIU      9
    latency           -     -     SIU      array_fill(9, ARRAY[12])
    DELETE            -     -     D
    `,
  ),
  table(
    {
      table: 'hookline.endpoints',
      whose: '(SELECT w.user_id FROM public.webhooks w WHERE w.id = webhook_id)',
      insert: {
        webhook_id: '$hook',
        is_active: 'true',
        is_verified: 'true',
        timeout_seconds: '9',
        is_ordered: 'true',
      },
    },
    `
    column                 anon  user  service  value
    webhook_id             -     -     S        =
    is_active              -     -     S        false
    is_verified            -     -     S        true
    paused_until           -     -     S        '2020-01-01'
    breaker_since          -     -     S        '2020-01-01'
    breaker_until          -     -     S        '2020-01-01'
    timeout_seconds        -     -     S        9
    is_ordered             -     -     S        true
    rate_limit_per_second  -     -     S        9
    rate_limit_burst       -     -     S        9
    tested_at              -     -     S        '2020-01-01'
    DELETE                 -     -     -
    `,
  ),
  table(
    {
      table: 'hookline.rate_buckets',
      whose: '(SELECT w.user_id FROM public.webhooks w WHERE w.id = webhook_id)',
      insert: { webhook_id: '$other_hook', tokens: '9', filled_at: 'now()' },
    },
    `
    column      anon  user  service  value
    webhook_id  -     -     SIU      =
    tokens      -     -     SIU      9
    filled_at   -     -     SIU      '2020-01-01'
    DELETE      -     -     D
    `,
  ),
  table(
    {
      table: 'hookline.signing_keys',
      whose: 'NULL',
      insert: { id: "'new'", public_key: "decode(repeat('00', 32), 'hex')", retired_at: 'now()' },
    },
    `
    column           anon  user  service  value
    id               -     -     S        'renamed'
    private_key      -     -     -        decode(repeat('00', 48), 'hex')
    public_key       -     -     S        decode(repeat('00', 32), 'hex')
    created_at       -     -     S        '2020-01-01'
    retired_at       -     -     S        '2020-01-01'
    published_until  -     -     S        '2020-01-01'
    secret_key_id    -     -     -        'forged'
    sealed_private_key  -  -     -        'forged'
    DELETE           -     -     -
    `,
  ),
  table(
    { table: 'hookline.secret_keys', whose: 'NULL', insert: { id: "'new'", proof: "'none'" } },
    `
    column         anon  user  service  value
    id             -     -     S        'renamed'
    proof          -     -     S        'forged'
    registered_at  -     -     S        '2020-01-01'
    DELETE         -     -     -
    `,
  ),
  table(
    {
      table: 'hookline.webhook_headers',
      whose: '(SELECT w.user_id FROM public.webhooks w WHERE w.id = webhook_id)',
      insert: { webhook_id: '$other_hook', headers: "'{}'" },
    },
    `
    column      anon  user  service  value
    webhook_id  -     -     S        =
    headers     -     -     S        '{"X-Key": "forged"}'
    secret_key_id  -  -     S        'forged'
    DELETE      -     -     -
    `,
  ),
  table(
    {
      table: 'hookline.user_limits',
      whose: 'user_id',
      insert: { user_id: '$bystander', max_pending: '9' },
    },
    `
    column       anon  user  service  value
    user_id      -     -     SIU      =
    max_pending  -     -     SIU      99
    DELETE       -     -     D
    `,
  ),
  table(
    {
      table: 'hookline.users',
      whose: 'user_id',
      insert: { user_id: '$bystander', external_user_id: "'new'" },
    },
    `
    column            anon  user  service  value
    user_id           -     -     SIU      =
    external_user_id  -     -     SIU      external_user_id || '.changed'
    created_at        -     -     SIU      '2020-01-01'
    DELETE            -     -     D
    `,
  ),
];
