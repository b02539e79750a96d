export type Severity = 'ok' | 'skipped' | 'warning' | 'failure';

/**
 * What doctor may find, and how bad it is: a failure keeps Hookline from its work, or lets somebody do what they may not; a warning is worth a look.
 * A code is stable: it may be added to, never renamed. docs/reference/doctor.md explains each.
 */
export const FINDINGS = {
  'settings.invalid': 'failure',
  'settings.service_key_missing': 'warning',
  'settings.token_keys_missing': 'warning',
  'settings.webhook_secret_missing': 'warning',
  'settings.api_key_missing': 'warning',
  'settings.all_networks_allowed': 'warning',
  'database.unreachable': 'failure',
  'database.refused': 'failure',
  'database.absent': 'failure',
  'database.locked': 'warning',
  'database.standby': 'failure',
  'database.read_only': 'failure',
  'database.too_old': 'failure',
  'database.not_utf8': 'failure',
  'database.not_durable': 'warning',
  'database.short_timeout': 'warning',
  'disk.full': 'failure',
  'disk.low': 'warning',
  'session.pooled': 'failure',
  'clock.off': 'warning',
  'clock.far_off': 'failure',
  'login.lacks_roles': 'failure',
  'login.bypasses_policies': 'warning',
  'login.owns_schema': 'warning',
  'login.inherits': 'warning',
  'roles.bypass_policies': 'failure',
  'roles.policies_off': 'failure',
  'owner.unusable': 'failure',
  'owner.does_not_own': 'failure',
  'owner.lacks_roles': 'warning',
  'migrations.none': 'failure',
  'migrations.behind': 'failure',
  'migrations.ahead': 'failure',
  'migrations.changed': 'failure',
  'connections.nearly_used': 'warning',
  'connections.too_few': 'warning',
  'connections.limited': 'warning',
  'workers.none': 'failure',
  'workers.quiet': 'warning',
  'workers.versions_differ': 'warning',
  'queue.stuck': 'failure',
  'queue.behind': 'warning',
  'replication.behind': 'warning',
  'replication.slot_holds_wal': 'warning',
  'maintenance.autovacuum_off': 'failure',
  'maintenance.table_autovacuum_off': 'warning',
  'maintenance.dead_rows': 'warning',
  'maintenance.old_transaction': 'warning',
  'maintenance.prepared_transaction': 'warning',
  'maintenance.wraparound_near': 'failure',
  'partitions.late': 'warning',
  'partitions.unfinished': 'warning',
  'webhooks.unverified': 'warning',
  'webhooks.failing': 'warning',
  'webhooks.breaker_open': 'warning',
  'secrets.in_clear': 'warning',
  'secrets.without_key': 'warning',
  'secrets.earlier_key': 'warning',
  'secrets.key_missing': 'failure',
  'secrets.key_wrong': 'failure',
  'redis.unreachable': 'failure',
  'redis.too_old': 'warning',
  'redis.evicts': 'warning',
  'redis.replica': 'failure',
  'redis.refuses_writes': 'failure',
  'redis.nearly_full': 'warning',
  'receiver.unreachable': 'failure',
  'receiver.not_migrated': 'failure',
  'callbacks.late': 'warning',
  'callbacks.given_up': 'warning',
  'callbacks.without_key': 'failure',
  'doctor.check_failed': 'failure',
} as const satisfies Record<string, Severity>;

export type FindingCode = keyof typeof FINDINGS;

/** The areas that are looked at, in the order in which they are told of. */
export const AREAS = [
  'settings',
  'database',
  'disk',
  'session',
  'clock',
  'login',
  'roles',
  'owner',
  'migrations',
  'connections',
  'workers',
  'queue',
  'replication',
  'maintenance',
  'partitions',
  'webhooks',
  'secrets',
  'redis',
  'receiver',
  'callbacks',
] as const;

export type Area = (typeof AREAS)[number];

export interface Finding {
  readonly area: Area;
  /** Of the catalogue; `<area>.ok` where all is well, `<area>.skipped` where nothing could be, or had to be, looked at. */
  readonly code: FindingCode | `${Area}.ok` | `${Area}.skipped`;
  readonly severity: Severity;
  /** What was found. No credential. */
  readonly found: string;
  /** What to do about it. */
  readonly mend?: string;
}

/** What is wrong, and how it is mended. */
export function finding(area: Area, code: FindingCode, found: string, mend: string): Finding {
  return { area, code, severity: FINDINGS[code], found, mend };
}

export function ok(area: Area, found: string): Finding {
  return { area, code: `${area}.ok`, severity: 'ok', found };
}

export function skipped(area: Area, found: string): Finding {
  return { area, code: `${area}.skipped`, severity: 'skipped', found };
}

/** What is wrong; where that is nothing, that all is well. */
export function orOk(area: Area, found: readonly Finding[], fine: string): readonly Finding[] {
  return found.length > 0 ? found : [ok(area, fine)];
}
