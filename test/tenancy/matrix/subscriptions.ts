import { table } from '../notation.js';

export const EVENT_TYPES = table(
  {
    table: 'public.webhook_events',
    whose: 'NULL',
    insert: { event_type: "'order.paid'", category: "'order'" },
  },
  `
  column          anon  user  service  value
  id              -     S     SIU      =
  event_type      -     S     SIU      event_type || '.changed'
  category        -     S     SIU      'other'
  description     -     S     SIU      'described'
  is_enabled      -     S     SIU      false
  payload_schema  -     S     SIU      '{}'
  created_at      -     S     SIU      '2020-01-01'
  updated_at      -     S     SIU      '2020-01-01'
  DELETE          -     -     D        event_type NOT IN (SELECT s.event_type FROM public.webhook_event_subscriptions s)
  `,
);

export const SUBSCRIPTIONS = table(
  {
    table: 'public.webhook_event_subscriptions',
    whose: '(SELECT w.user_id FROM public.webhooks w WHERE w.id = webhook_id)',
    insert: { webhook_id: '$my_hook', event_type: "'credit.added'" },
  },
  `
  column      anon  user  service  value
  id          -     s     SIU      =
  webhook_id  -     si    SIU      =
  event_type  -     si    SIU      =
  is_active   -     siu   SIU      false
  filters     -     siu   SIU      '{"a": 1}'
  created_at  -     s     SIU      '2020-01-01'
  updated_at  -     s     SIU      '2020-01-01'
  DELETE      -     d     D
  `,
);
