import { table } from '../notation.js';

/** What live streams stand on. */
export const CHANGE_LOG = [
  table(
    { table: 'hookline.stream_state', whose: 'NULL', insert: { only_row: 'true' } },
    `
    column            anon  user  service  value
    only_row          -     -     SU       true
    last_position     -     -     SU       99
    removed_position  -     -     SU       9
    DELETE            -     -     -
    `,
  ),
  table(
    {
      table: 'hookline.stream_watchers',
      whose: 'user_id',
      insert: {
        user_id: 'gen_random_uuid()',
        since_position: '0',
        until: "now() - interval '1 day'",
        listened_until: "now() - interval '1 day'",
      },
    },
    `
    column          anon  user  service  value
    user_id         -     -     SIU      =
    since_position  -     -     SIU      9
    settles_at      -     -     SIU      '9'
    until           -     -     SIU      '2020-01-01'
    listened_until  -     -     SIU      '2020-01-01'
    DELETE          -     -     D
    `,
  ),
  table(
    {
      table: 'hookline.delivery_changes',
      whose: 'user_id',
      insert: {
        kind: "'created'",
        user_id: '$owner',
        webhook_id: '$hook',
        event_type: "'credit.added'",
        status: "'pending'",
        delivery: "'{}'",
      },
    },
    `
    column      anon  user  service  value
    id          -     -     SIU      DEFAULT
    position    -     -     SIU      DEFAULT
    kind        -     -     SIU      'failed'
    user_id     -     -     SIU      $me
    webhook_id  -     -     SIU      $hook
    event_type  -     -     SIU      'video.failed'
    status      -     -     SIU      'failed'
    delivery    -     -     SIU      '{"forged": true}'
    changed_at  -     -     SIU      '2020-01-01'
    DELETE      -     -     D
    `,
  ),
];

/** How users follow them. */
export const CHANGES = table(
  {
    table: 'public.webhook_delivery_changes',
    whose: 'user_id',
    viewOf: 'SELECT c.user_id FROM hookline.delivery_changes c WHERE c.position IS NOT NULL',
    insert: { webhook_id: '$hook' },
  },
  `
  column      anon  user  service  value
  position    -     s     S        9
  kind        -     s     S        'failed'
  user_id     -     s     S        $me
  webhook_id  -     s     S        =
  event_type  -     s     S        'video.failed'
  status      -     s     S        'failed'
  delivery    -     s     S        '{}'
  changed_at  -     s     S        '2020-01-01'
  DELETE      -     -     -
  `,
);
