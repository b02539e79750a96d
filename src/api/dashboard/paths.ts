const HEX4 = '[0-9a-fA-F]{4}';
const UUID = `:id(^[0-9a-fA-F]{8}-${HEX4}-${HEX4}-${HEX4}-[0-9a-fA-F]{12}$)`;

/** The addresses of the dashboard's pages: each answers with the same document, which shows the page itself. Webhooks come in at /webhooks, too. */
export const PAGE_PATHS: readonly string[] = [
  '/',
  '/sign-in',
  '/webhooks',
  '/webhooks/new',
  `/webhooks/${UUID}`,
  `/webhooks/${UUID}/edit`,
  '/deliveries',
  `/deliveries/${UUID}`,
  '/replays',
  '/try',
  '/inbox',
  '/inbox/:id(^[0-9]+$)',
  '/event-types',
  '/event-types/:name',
  '/operator',
  '/operator/tenants',
  '/operator/workers',
  '/operator/webhooks',
];

/** Under which scripts, styles and images are. */
export const ASSETS_PREFIX = '/assets/';
