import { table } from '../notation.js';

export const WEBHOOKS = table(
  {
    table: 'public.webhooks',
    whose: 'user_id',
    insert: { user_id: '$me', name: "'new'", url: "'https://new.example'" },
  },
  `
  column                     anon  user  service  value
  id                         -     s     SIU      =
  user_id                    -     si    SIU      $me
  name                       -     siu   SIU      'renamed'
  url                        -     siu   SIU      'https://changed.example'
  description                -     siu   SIU      'described'
  secret                     -     s     SIU      'known to me'
  signature_algorithm        -     siu   SIU      'sha512'
  is_active                  -     siu   SIU      false
  is_verified                -     s     SIU      true
  verification_token         -     s     SIU      'known to me'
  verified_at                -     s     SIU      '2020-01-01'
  retry_enabled              -     siu   SIU      false
  max_retries                -     siu   SIU      9
  retry_delay_seconds        -     siu   SIU      9
  timeout_seconds            -     siu   SIU      9
  total_deliveries           -     s     SIU      99
  successful_deliveries      -     s     SIU      99
  failed_deliveries          -     s     SIU      99
  last_delivery_at           -     s     SIU      '2020-01-01'
  last_success_at            -     s     SIU      '2020-01-01'
  last_failure_at            -     s     SIU      '2020-01-01'
  metadata                   -     siu   SIU      '{"a": 1}'
  created_at                 -     s     SIU      '2020-01-01'
  updated_at                 -     s     SIU      '2020-01-01'
  inactive_since             -     s     SIU      '2020-01-01'
  disabled_reason            -     s     SIU      'gone'
  paused_since               -     s     SIU      '2020-01-01'
  paused_until               -     s     SIU      '2020-01-01'
  failing_since              -     s     SIU      '2020-01-01'
  retired_secrets            -     s     SIU      '{known to me}'
  retired_secrets_until      -     s     SIU      '{2030-01-01}'
  verification_requested_at  -     s     SIU      '2020-01-01'
  verification_lease_until   -     s     SIU      '2020-01-01'
  verification_attempted_at  -     s     SIU      '2020-01-01'
  verification_error_code    -     s     SIU      'timeout'
  verification_error         -     s     SIU      'late'
  unverified_since           -     s     SIU      now()
  rate_limit_per_second      -     siu   SIU      9
  rate_limit_burst           -     siu   SIU      9
  is_ordered                 -     siu   SIU      true
  ordering_key_path          -     siu   SIU      '/video_id'
  consecutive_failures       -     s     SIU      9
  breaker_since              -     s     SIU      '2020-01-01'
  breaker_until              -     s     SIU      '2020-01-01'
  breaker_probes             -     s     SIU      9
  sign_asymmetric            -     siu   SIU      true
  custom_header_names        -     s     SIU      '{X-Forged}'
  custom_headers_set_at      -     s     SIU      '2020-01-01'
  secret_key_id              -     s     SIU      'forged'
  long_sealed_secret         -     s     SIU      'known to me'
  DELETE                     -     d     D
  `,
);
