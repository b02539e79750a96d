import { table } from '../notation.js';

export const REPLAY_JOBS = table(
  {
    table: 'hookline.replays',
    whose: 'user_id',
    insert: {
      webhook_id: '$hook',
      user_id: '$owner',
      status_filter: "'all'",
      since: "'2020-01-01'",
      until: 'now()',
      rate_per_second: '9',
      cursor_at: "'2020-01-01'",
    },
  },
  `
  column           anon  user  service  value
  id               -     -     S        =
  webhook_id       -     -     S        =
  user_id          -     -     S        $me
  state            -     -     S        'cancelled'
  status_filter    -     -     S        'failed'
  since            -     -     S        '2020-01-01'
  until            -     -     S        '2020-01-01'
  rate_per_second  -     -     S        9
  total            -     -     S        9
  created          -     -     S        9
  waiting_for      -     -     S        'backlog'
  waiting_since    -     -     S        '2020-01-01'
  created_at       -     -     S        '2020-01-01'
  started_at       -     -     S        '2020-01-01'
  ended_at         -     -     S        '2020-01-01'
  cursor_at        -     -     S        '2020-01-01'
  cursor_id        -     -     S        =
  rate_at          -     -     S        '2020-01-01'
  due_at           -     -     S        '2020-01-01'
  DELETE           -     -     -
  `,
);

/** How owners watch them. */
export const REPLAYS = table(
  {
    table: 'public.webhook_replays',
    whose: 'user_id',
    viewOf: 'SELECT r.user_id FROM hookline.replays r',
    insert: { webhook_id: '$hook' },
  },
  `
  column           anon  user  service  value
  id               -     s     S        =
  webhook_id       -     s     S        =
  user_id          -     s     S        $me
  state            -     s     S        'cancelled'
  status_filter    -     s     S        'failed'
  since            -     s     S        '2020-01-01'
  until            -     s     S        '2020-01-01'
  rate_per_second  -     s     S        9
  total            -     s     S        9
  created          -     s     S        9
  waiting_for      -     s     S        'backlog'
  waiting_since    -     s     S        '2020-01-01'
  created_at       -     s     S        '2020-01-01'
  started_at       -     s     S        '2020-01-01'
  ended_at         -     s     S        '2020-01-01'
  DELETE           -     -     -
  `,
);
