import type { Queryable } from '../../../src/db/database.js';
import { prepare } from '../../../src/deliver/prepare/prepare.js';
import { FAILURE_CODES } from '../../../src/deliver/stages.js';
import { complete } from '../complete.js';
import { DATABASE_CODES, FAILURES, HEADERS } from '../text/deliveries.js';

/** Defaults of a migrated database. */
export interface Limits {
  readonly maxRetries: string;
  readonly retryDelay: number;
  readonly delays: readonly (readonly [least: number, most: number])[];
  /** In seconds, as the others. */
  readonly waitingLimit: number;
  readonly failingLimit: number;
  readonly breakerFailures: number;
  readonly breakerPause: number;
  readonly breakerLongestPause: number;
}

/** Throws where the texts lack a header or an error code, or have one too many. */
export async function checkDelivery(db: Queryable): Promise<void> {
  complete('Headers', Object.keys(sampleHeaders()), Object.keys(HEADERS));
  complete('Failures', FAILURE_CODES, Object.keys(FAILURES));
  complete('Codes of the database', await databaseCodes(db), Object.keys(DATABASE_CODES));
}

export async function limitsOf(db: Queryable): Promise<Limits> {
  const { rows } = await db.query<Omit<Limits, 'delays'>>(
    `SELECT (SELECT pg_get_expr(d.adbin, d.adrelid) FROM pg_attrdef d JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
             WHERE a.attrelid = 'public.webhooks'::regclass AND a.attname = 'max_retries') AS "maxRetries",
            (SELECT pg_get_expr(d.adbin, d.adrelid)::integer FROM pg_attrdef d JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
             WHERE a.attrelid = 'public.webhooks'::regclass AND a.attname = 'retry_delay_seconds') AS "retryDelay",
            extract(epoch FROM s.waiting_limit)::float8 AS "waitingLimit", extract(epoch FROM s.failing_limit)::float8 AS "failingLimit", s.breaker_failures AS "breakerFailures",
            extract(epoch FROM s.breaker_pause)::float8 AS "breakerPause", extract(epoch FROM s.breaker_longest_pause)::float8 AS "breakerLongestPause"
     FROM hookline.settings s`,
  );
  const [limits] = rows;
  if (limits === undefined) throw new Error('The database has no settings.');
  const delays: [number, number][] = [];
  for (let retry = 1; retry <= Number(limits.maxRetries); retry++)
    delays.push(await delay(db, limits.retryDelay, retry));
  return { ...limits, delays };
}

/** The bounds of `retry_delay`; throws where a sample of it is out of them. */
async function delay(db: Queryable, base: number, retry: number): Promise<[number, number]> {
  const bounds: [number, number] = [base * 2 ** (retry - 1) * 0.8, base * 2 ** (retry - 1) * 1.2];
  const { rows } = await db.query<{ least: number; most: number }>(
    `SELECT min(d)::float8 AS least, max(d)::float8 AS most
     FROM (SELECT extract(epoch FROM hookline.retry_delay($1::int, $2::int, NULL)) AS d FROM generate_series(1, 500)) s`,
    [base, retry],
  );
  const [sample] = rows;
  const [least, most] = bounds;
  // Of 500 even draws the outermost lie within a twentieth of the bounds.
  const isFit = (found: number, bound: number): boolean => Math.abs(found - bound) <= 0.02 * base * 2 ** (retry - 1);
  if (
    sample === undefined ||
    sample.least < least ||
    sample.most > most ||
    !isFit(sample.least, least) ||
    !isFit(sample.most, most)
  )
    throw new Error(`hookline.retry_delay gives ${JSON.stringify(sample)}, not ${bounds.join(' to ')} s`);
  return bounds;
}

/** The codes that the functions which end a delivery write. */
async function databaseCodes(db: Queryable): Promise<string[]> {
  const { rows } = await db.query<{ source: string }>(
    "SELECT prosrc AS source FROM pg_proc WHERE oid IN ('hookline.record_results'::regproc, 'hookline.fail_waiting'::regproc)",
  );
  const found = rows.flatMap(({ source }) =>
    [...source.matchAll(/error_code = CASE(.*?)END\) END,|(CASE(?:(?!CASE).)*?END) AS code/gs)].flatMap(([text]) =>
      [...text.matchAll(/(?:THEN|ELSE) '([a-z_]+)'/g)].map(([, name]) => name ?? ''),
    ),
  );
  return [...new Set(found)];
}

function sampleHeaders(): Readonly<Record<string, string>> {
  const sample = {
    deliveryId: 'd',
    webhookId: 'w',
    userId: 'u',
    position: 1,
    leaseId: 'l',
    leaseUntil: 0,
    messageId: 'm',
    eventType: 'video.generated',
    url: 'https://api.example.com/',
    isStoredUrl: true,
    secrets: ['a-secret'],
    algorithm: 'sha256',
    timeoutMs: 1,
    isOrdered: false,
    attempt: 1,
    payload: { text: '{}' },
  } as const;
  return prepare(sample, 0, '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01').headers;
}
