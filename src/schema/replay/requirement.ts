import { HooklineError } from '../../errors.js';
import type { DeployRequest, Provider, Review, Waiting } from '../provider.js';
import { schemaHash } from '../table/schema-hash.js';
import { type ReplayReport, summaryOf } from './report.js';

/** The line in a deploy request's notes by which it is deployed only after a passed replay. */
export const REPLAY_REQUIRED = 'Requires a passed `hookline schema replay`.';

/** What a review says of a replay: its second and last line. */
interface ReplayVerdict {
  readonly request: number;
  readonly result: 'passed' | 'failed';
  /** Hash of the schema that was replayed on. */
  readonly schema: string;
  readonly webhooks: number;
  /** ISO 8601, UTC: when the replay ended. */
  readonly at: string;
}

const LABEL = 'hookline-replay ';
const HASH = /^[0-9a-f]{64}$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

export function requiresReplay(request: Pick<DeployRequest, 'notes'>): boolean {
  return request.notes.split(/\r?\n/).some((line) => line.trim() === REPLAY_REQUIRED);
}

/** The notes with the requirement as their last line; as they are when they have it. */
export function withRequirement(notes: string): string {
  if (requiresReplay({ notes })) return notes;
  return notes === '' ? REPLAY_REQUIRED : `${notes}\n\n${REPLAY_REQUIRED}`;
}

/**
 * Writes a replay as a comment on the branch's open deploy request. Gives the request and the review, or null when there is none open.
 * Throws what the provider throws.
 */
export async function recordReplay(
  provider: Provider,
  report: ReplayReport,
): Promise<{ readonly request: DeployRequest; readonly review: Review } | null> {
  const [request] = await provider.deployRequests.list({ state: 'open', branch: report.branch });
  if (request === undefined) return null;
  const verdict: ReplayVerdict = {
    request: request.number,
    result: report.worse ? 'failed' : 'passed',
    schema: report.schemaHash,
    webhooks: report.webhooks,
    at: new Date(Date.parse(report.startedAt) + report.tookMs).toISOString(),
  };
  const body = `${summaryOf(report)}\n${LABEL}${JSON.stringify(verdict)}`;
  return { request, review: await provider.deployRequests.review(request.number, { state: 'commented', body }) };
}

/**
 * Comes back when the newest replay of the deploy request passed on the branch's schema as it is now.
 * Throws `replay_required`, which says what is missing, and what the provider throws.
 */
export async function checkReplay(
  provider: Provider,
  request: Pick<DeployRequest, 'number' | 'branch'>,
  waiting?: Waiting,
): Promise<void> {
  waiting?.signal?.throwIfAborted();
  waiting?.onProgress?.('looking for a passed replay');
  const reviews = await provider.deployRequests.reviews(request.number);
  const newest = newestVerdict(reviews, request.number);
  if (newest === null)
    throw required(
      request,
      `Deploy request #${request.number} requires a replay, and none was made since it was opened.`,
    );
  if (newest.result === 'failed') {
    throw required(request, `The newest replay for deploy request #${request.number}, of ${newest.at}, failed.`);
  }
  const now = schemaHash(await provider.schemaOf(request.branch));
  if (newest.schema !== now) {
    throw required(request, `The schema of ${request.branch} has changed since it was replayed on, at ${newest.at}.`);
  }
}

function required({ branch }: Pick<DeployRequest, 'branch'>, message: string): HooklineError {
  return new HooklineError('replay_required', message, {
    hint: `Run hookline schema replay --branch ${branch}; when it passes, deploy.`,
  });
}

/**
 * The one that was written last, by the provider's clock: those of the machines that replay may differ. A review that copies another's lines counts for nothing, since they
 * tell when that replay ended.
 */
function newestVerdict(reviews: readonly Review[], request: number): ReplayVerdict | null {
  const seen = new Set<string>();
  let newest: ReplayVerdict | null = null;
  // Two at the same moment: the one that failed counts.
  const isFailed = ({ body }: Review): number => Number(verdictOf(body)?.result === 'failed');
  const inOrder = reviews.toSorted(
    (a, b) => Date.parse(a.createdAt) - Date.parse(b.createdAt) || isFailed(a) - isFailed(b),
  );
  for (const { state, body } of inOrder) {
    const verdict = state === 'commented' ? verdictOf(body) : null;
    if (verdict === null || verdict.request !== request) continue;
    const line = JSON.stringify(verdict);
    if (!seen.has(line)) newest = verdict;
    seen.add(line);
  }
  return newest;
}

/** Strict: two lines, the second of the form that `recordReplay` writes, to the character. A line that is quoted, or stands in other text, is none. */
function verdictOf(body: string): ReplayVerdict | null {
  const [summary, line, ...more] = body.replace(/\r\n/g, '\n').split('\n');
  if (line === undefined || more.length > 0 || !line.startsWith(LABEL)) return null;
  const json = line.slice(LABEL.length);
  const verdict = parsed(json);
  if (verdict === null || JSON.stringify(verdict) !== json) return null;
  return summary?.startsWith(`Replay ${verdict.result}: `) === true ? verdict : null;
}

function parsed(json: string): ReplayVerdict | null {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null) return null;
  const { request, result, schema, webhooks, at } = value as Record<string, unknown>;
  if (!isCount(request) || !isCount(webhooks) || (result !== 'passed' && result !== 'failed')) return null;
  if (typeof schema !== 'string' || !HASH.test(schema) || typeof at !== 'string' || !TIME.test(at)) return null;
  return { request, result, schema, webhooks, at };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
