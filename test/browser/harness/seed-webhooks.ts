import type { Database } from '../../../src/db/database.js';

/** Webhooks of the owner, one in each condition, by their ids; and the stranger's. */
export interface Webhooks {
  /** “Orders service”: verified, takes everything. */
  readonly good: string;
  /** “Billing mirror”: answers 500 since two days. Retries after an hour. */
  readonly failing: string;
  /** “Analytics”: new, its URL not yet verified. */
  readonly unverified: string;
  /** “Old CRM”: its owner paused it. */
  readonly paused: string;
  /** “Former partner”: answered 410, and the system disabled it. */
  readonly disabled: string;
  /** “Rate-limited partner”: its Retry-After holds it back for an hour. */
  readonly waiting: string;
  /** “Flaky gateway”: its breaker is open. */
  readonly broken: string;
  /** “Stranger's hook”. */
  readonly strangers: string;
}

interface Seeded {
  readonly name: string;
  readonly path: string;
  /** SQL of further columns. */
  readonly columns?: Readonly<Record<string, string>>;
}

const VERIFIED = { is_verified: 'true', verified_at: "now() - interval '20 days'" };
const OF_OWNER = {
  good: { name: 'Orders service', path: '/good', columns: { ...VERIFIED, description: "'Books what was generated.'" } },
  failing: {
    name: 'Billing mirror',
    path: '/failing',
    columns: { ...VERIFIED, failing_since: "now() - interval '2 days'", retry_delay_seconds: '3600' },
  },
  unverified: { name: 'Analytics', path: '/good?of=analytics' },
  paused: {
    name: 'Old CRM',
    path: '/good?of=crm',
    columns: { ...VERIFIED, is_active: 'false', inactive_since: "now() - interval '3 days'" },
  },
  disabled: {
    name: 'Former partner',
    path: '/gone',
    columns: { is_active: 'false', inactive_since: "now() - interval '1 day'", disabled_reason: "'gone'" },
  },
  waiting: {
    name: 'Rate-limited partner',
    path: '/good?of=partner',
    columns: { ...VERIFIED, paused_since: 'now()', paused_until: "now() + interval '1 hour'" },
  },
  broken: {
    name: 'Flaky gateway',
    path: '/failing?of=gateway',
    columns: {
      ...VERIFIED,
      consecutive_failures: '25',
      breaker_since: "now() - interval '10 minutes'",
      breaker_until: "now() + interval '1 hour'",
    },
  },
} satisfies Record<string, Seeded>;
const OF_STRANGER: Seeded = { name: "Stranger's hook", path: '/good?of=stranger', columns: VERIFIED };

/** Makes them, a minute apart, with subscriptions to what `eventTypes` names. `urlOf` gives the URL of a path. */
export async function seedWebhooks(
  db: Database,
  { owner, stranger }: { readonly owner: { readonly id: string }; readonly stranger: { readonly id: string } },
  urlOf: (path: string) => string,
): Promise<Webhooks> {
  let age = 30 * 24 * 60;
  const add = async (userId: string, { name, path, columns = {} }: Seeded): Promise<string> => {
    age -= 1;
    const { rows } = await db.query<{ id: string }>(
      `INSERT INTO webhooks (${['user_id', 'name', 'url', 'created_at', ...Object.keys(columns)].join(', ')})
       VALUES (${['$1::uuid', '$2', '$3', 'now() - make_interval(mins => $4::int)', ...Object.values(columns)].join(', ')})
       RETURNING id::text`,
      [userId, name, urlOf(path), age],
    );
    const [row] = rows;
    if (row === undefined) throw new Error(`${name} was not made`);
    await db.query(SUBSCRIBE, [row.id]);
    return row.id;
  };
  return {
    good: await add(owner.id, OF_OWNER.good),
    failing: await add(owner.id, OF_OWNER.failing),
    unverified: await add(owner.id, OF_OWNER.unverified),
    paused: await add(owner.id, OF_OWNER.paused),
    disabled: await add(owner.id, OF_OWNER.disabled),
    waiting: await add(owner.id, OF_OWNER.waiting),
    broken: await add(owner.id, OF_OWNER.broken),
    strangers: await add(stranger.id, OF_STRANGER),
  };
}

const SUBSCRIBE = `
  INSERT INTO webhook_event_subscriptions (webhook_id, event_type, filters)
  SELECT $1::uuid, t, CASE t WHEN 'credit.consumed' THEN '{"amount": {"$gte": 10}}'::jsonb END
  FROM unnest('{video.generated,video.failed,credit.consumed,image.generated}'::text[]) t`;
