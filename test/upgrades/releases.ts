interface Release {
  /** Its last migration, which names it while no version is published. */
  readonly name: string;
  readonly what: string;
  /** What its worker logs, and delivers nothing any more, once a newer version has migrated: the change log says that it is stopped first. Others go on. */
  readonly stopsWith?: string;
}

const NO_CLAIMS =
  'function hookline.lease_due(uuid, integer, integer, bigint, boolean, uuid[], interval) does not exist';

/** What was landed as a whole and may be installed somewhere. `workers/<name>.mjs.br` is the worker of each (CONTRIBUTING, Releases). */
export const RELEASES: readonly Release[] = [
  { name: '0012', what: 'the first: SQL, worker, receiver', stopsWith: NO_CLAIMS },
  { name: '0022', what: 'the SQL as specified', stopsWith: NO_CLAIMS },
  { name: '0032', what: 'the delivery engine' },
  { name: '0033', what: 'AI webhooks on PlanetScale' },
  { name: '0040', what: 'REST, live deliveries, GraphQL' },
  { name: '0041', what: 'schema branches' },
  { name: '0043', what: 'the dashboard' },
  { name: '0047', what: 'the command line and operations' },
];
