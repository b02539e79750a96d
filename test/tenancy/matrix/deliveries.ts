import { table } from '../notation.js';

export const DELIVERIES = table(
  {
    table: 'public.webhook_deliveries',
    whose: 'user_id',
    insert: {
      webhook_id: '$my_hook',
      event_type: "'video.generated'",
      request_url: "'https://new.example'",
      request_payload: "'{}'",
    },
  },
  `
  column             anon  user  service  value
  id                 -     s     SIU      =
  webhook_id         -     s     SIU      =
  event_type         -     s     SIU      'credit.added'
  request_url        -     s     SIU      'https://changed.example'
  request_method     -     s     SIU      'PUT'
  request_headers    -     s     SIU      '{}'
  request_payload    -     s     SIU      '{"forged": true}'
  request_signature  -     s     SIU      'sha256=0'
  response_status    -     s     SIU      299
  response_headers   -     s     SIU      '{}'
  response_body      -     s     SIU      'forged'
  response_time_ms   -     s     SIU      99
  status             -     s     SIU      'success'
  attempt_number     -     s     SIU      9
  max_attempts       -     s     SIU      99
  next_retry_at      -     s     SIU      '2020-01-01'
  error_message      -     s     SIU      'forged'
  error_code         -     s     SIU      'forged'
  created_at         -     s     SIU      '2020-01-01'
  delivered_at       -     s     SIU      '2020-01-01'
  failed_at          -     s     SIU      '2020-01-01'
  metadata           -     s     SIU      '{"a": 1}'
  user_id            -     s     SIU      $me
  event_id           -     s     SIU      gen_random_uuid()
  replay_of          -     s     SIU      gen_random_uuid()
  attempted_at       -     s     SIU      '2020-01-01'
  DELETE             -     -     D
  `,
);

export const EARLIER_ATTEMPTS = table(
  {
    table: 'hookline.webhook_delivery_attempts',
    whose: 'user_id',
    insert: {
      delivery_id: '$delivery',
      delivery_created_at: 'now()',
      webhook_id: '$hook',
      user_id: '$owner',
      attempt_number: '1',
    },
  },
  `
  column             anon  user  service  value
  id                 -     -     SIU      DEFAULT
  delivery_id        -     -     SIU      =
  delivery_created_at  -     -     SIU      '2020-01-01'
  webhook_id         -     -     SIU      =
  user_id            -     -     SIU      $me
  attempt_number     -     -     SIU      9
  attempted_at       -     -     SIU      '2020-01-01'
  request_url        -     -     SIU      'https://changed.example'
  request_headers    -     -     SIU      '{}'
  request_signature  -     -     SIU      'sha256=0'
  response_status    -     -     SIU      299
  response_headers   -     -     SIU      '{}'
  response_body      -     -     SIU      'forged'
  response_time_ms   -     -     SIU      99
  error_message      -     -     SIU      'forged'
  error_code         -     -     SIU      'forged'
  is_late            -     -     SIU      true
  recorded_at        -     -     SIU      '2020-01-01'
  DELETE             -     -     D
  `,
);

/** The latest attempt of each delivery that was attempted, and the earlier ones. */
export const ATTEMPTS = table(
  {
    table: 'public.webhook_delivery_attempts',
    whose: 'user_id',
    viewOf: `SELECT d.user_id FROM public.webhook_deliveries d WHERE d.attempt_number > 0
      UNION ALL SELECT a.user_id FROM hookline.webhook_delivery_attempts a`,
    insert: { delivery_id: '$delivery' },
  },
  `
  column             anon  user  service  value
  delivery_id        -     s     S        =
  webhook_id         -     s     S        =
  user_id            -     s     S        $me
  event_type         -     s     S        'credit.added'
  attempt_number     -     s     S        9
  attempted_at       -     s     S        '2020-01-01'
  is_latest          -     s     S        true
  is_late            -     s     S        true
  request_url        -     s     S        'https://changed.example'
  request_headers    -     s     S        '{}'
  request_signature  -     s     S        'sha256=0'
  response_status    -     s     S        299
  response_headers   -     s     S        '{}'
  response_body      -     s     S        'forged'
  response_time_ms   -     s     S        99
  error_code         -     s     S        'forged'
  error_message      -     s     S        'forged'
  DELETE             -     -     -
  `,
);
