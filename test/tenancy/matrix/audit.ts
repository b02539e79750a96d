import { table } from '../notation.js';

/** Who changed what. Triggers write it; nobody else may, the service included. */
export const AUDIT_LOG = table(
  {
    table: 'hookline.audit_log',
    whose: 'user_id',
    insert: {
      actor_kind: "'sql'",
      action: "'webhook.forged'",
      thing_kind: "'webhook'",
      thing_id: "'1'",
      user_id: '$owner',
    },
  },
  `
  column      anon  user  service  value
  id          -     -     S        =
  at          -     -     S        '2020-01-01'
  actor_kind  -     -     S        'user'
  actor_id    -     -     S        'nobody'
  login       -     -     S        'nobody'
  user_id     -     -     S        $me
  action      -     -     S        'webhook.forged'
  thing_kind  -     -     S        'forged'
  thing_id    -     -     S        'forged'
  thing_name  -     -     S        'forged'
  changes     -     -     S        '[]'
  request_id  -     -     S        'forged'
  ip          -     -     S        '192.0.2.1'
  user_agent  -     -     S        'forged'
  DELETE      -     -     -
  `,
);

/** How its users see it. */
export const AUDIT = table(
  {
    table: 'public.webhook_audit_log',
    whose: 'user_id',
    viewOf: 'SELECT a.user_id FROM hookline.audit_log a',
    insert: { action: "'webhook.forged'" },
  },
  `
  column      anon  user  service  value
  id          -     s     S        =
  at          -     s     S        '2020-01-01'
  actor_kind  -     s     S        'user'
  actor_id    -     s     S        'nobody'
  login       -     s     S        'nobody'
  user_id     -     s     S        $me
  action      -     s     S        'webhook.forged'
  thing_kind  -     s     S        'forged'
  thing_id    -     s     S        'forged'
  thing_name  -     s     S        'forged'
  changes     -     s     S        '[]'
  request_id  -     s     S        'forged'
  ip          -     s     S        '192.0.2.1'
  user_agent  -     s     S        'forged'
  DELETE      -     -     -
  `,
);
