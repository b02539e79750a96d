export default {
  overview: 'Overview',
  webhooks: 'Webhooks',
  deliveries: 'Deliveries',
  replays: 'Replays',
  try: 'Try it',
  inbox: 'AI inbox',
  eventTypes: 'Event types',
  operator: 'Operator',
} as const;
