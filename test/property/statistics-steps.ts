import fc from 'fast-check';

/** What can happen to the deliveries of one user's webhooks, as data; statistics-history.ts makes it happen. Numbers pick among what there is. */
export type Step =
  | { readonly does: 'trigger'; readonly type: string; readonly times: number }
  | { readonly does: 'attempt' | 'report'; readonly results: readonly Result[] }
  | { readonly does: 'retry' | 'toggle'; readonly nth: number }
  | { readonly does: 'expire' | 'remove expired' }
  | { readonly does: 'write'; readonly rows: readonly Written[]; readonly zone: string }
  | { readonly does: 'change'; readonly set: string; readonly every: number }
  | { readonly does: 'delete'; readonly every: number };

export interface Result {
  readonly status: number | null;
  readonly timeMs: number | null;
  /** Comes after its lease ended: joins the history of attempts and counts nowhere. */
  readonly late: boolean;
}

/** A row that the service writes by hand. */
export interface Written {
  readonly hook: number;
  readonly type: string;
  readonly status: string;
  readonly daysAgo: number;
  /** From the start of that UTC day; null leaves the time to the database. */
  readonly offsetMs: number | null;
  readonly responseStatus: number | null;
  readonly timeMs: number | null;
}

export const TYPES = ['video.generated', 'video.failed', 'credit.added'];
/** 14 hours ahead of UTC and 11 behind it: at any time one of them is on another day. */
export const ZONES = ['UTC', 'Pacific/Kiritimati', 'Pacific/Pago_Pago'];

const CHANGES = [
  "status = 'success'",
  "status = 'failed'",
  "status = 'retrying', attempt_number = attempt_number + 1",
  "status = 'pending'",
  "status = 'success', delivered_at = failed_at",
  "delivered_at = delivered_at - interval '1 day', failed_at = failed_at - interval '1 day'",
  "delivered_at = delivered_at - interval '7 hours', failed_at = failed_at - interval '7 hours'",
  "event_type = 'subscription.renewed'",
  'response_time_ms = response_time_ms + 1000',
  'response_status = NULL',
  "response_status = 500, response_time_ms = 77, error_code = 'http_server_error'",
  'metadata = \'{"seen": true}\'',
  "created_at = created_at - interval '40 days'",
];

const type = fc.constantFrom(...TYPES);
const nth = fc.nat({ max: 99 });
const every = fc.integer({ min: 1, max: 4 });
const timeMs = fc.option(fc.nat({ max: 30_000 }));
const responseStatus = fc.constantFrom(200, 200, 200, 204, 301, 404, 429, 500, 500, null, null);
const result = fc.record({
  status: fc.oneof({ weight: 20, arbitrary: responseStatus }, { weight: 1, arbitrary: fc.constant(410) }),
  timeMs,
  late: fc.nat({ max: 9 }).map((odd) => odd === 9),
});
const results = fc.array(result, { minLength: 1, maxLength: 8 });
const written = fc.record({
  hook: nth,
  type: fc.constantFrom(...TYPES, 'subscription.created'),
  status: fc.constantFrom('success', 'success', 'failed', 'failed', 'pending', 'retrying'),
  daysAgo: fc.constantFrom(0, 0, 1, 2, 6, 7, 29, 30, 31, 89, 100, 364, 365, 400),
  offsetMs: fc.constantFrom(-1, 0, 1, 43_200_000, 86_399_999, null),
  responseStatus,
  timeMs,
});

export const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ does: fc.constant('trigger' as const), type, times: fc.integer({ min: 1, max: 4 }) }),
  },
  { weight: 6, arbitrary: fc.record({ does: fc.constantFrom('attempt' as const, 'report' as const), results }) },
  { weight: 4, arbitrary: fc.record({ does: fc.constantFrom('retry' as const, 'toggle' as const), nth }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constantFrom('expire' as const, 'remove expired' as const) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      does: fc.constant('write' as const),
      rows: fc.array(written, { minLength: 1, maxLength: 6 }),
      zone: fc.constantFrom(...ZONES),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ does: fc.constant('change' as const), set: fc.constantFrom(...CHANGES), every }),
  },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('delete' as const), every }) },
);
