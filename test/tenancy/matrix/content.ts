import { table } from '../notation.js';

export const AI_CONTENT = table(
  { table: 'public.ai_content', whose: 'user_id', insert: { title: "'new'" } },
  `
  column               anon  user  service  value
  id                   -     s     SIU      DEFAULT
  title                -     s     SIU      'changed'
  body                 -     s     SIU      'changed'
  category             -     s     SIU      'changed'
  metadata             -     s     SIU      '{"user_id": "nobody"}'
  channel_id           -     s     SIU      'changed'
  event_name           -     s     SIU      'video.failed'
  created_at           -     s     SIU      '2020-01-01'
  updated_at           -     s     SIU      '2020-01-01'
  user_id              -     s     SIU      $me
  idempotency_key      -     s     SIU      gen_random_uuid()::text
  body_hash            -     s     SIU      'changed'
  repeats              -     s     SIU      9
  differing_repeats    -     s     SIU      9
  payload              -     s     SIU      '{}'
  callback_url         -     s     SIU      'https://changed.example'
  callback_state       -     s     SIU      'done'
  callback_attempts    -     s     SIU      9
  callback_next_at     -     s     SIU      '2020-01-01'
  callback_expires_at  -     s     SIU      '2020-01-01'
  callback_lease       -     s     SIU      'mine'
  callback_lease_until -     s     SIU      '2020-01-01'
  callback_error       -     s     SIU      'changed'
  event_state          -     s     SIU      'done'
  event_id             -     s     SIU      gen_random_uuid()
  event_error          -     s     SIU      'changed'
  event_attempts       -     s     SIU      9
  event_next_at        -     s     SIU      '2020-01-01'
  event_expires_at     -     s     SIU      '2020-01-01'
  event_lease          -     s     SIU      'mine'
  event_lease_until    -     s     SIU      '2020-01-01'
  DELETE               -     -     D
  `,
);
