import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { SECRET, sign } from './store-faults-requests.js';

export const MAX_BODY_BYTES = 65_536;

type Edit =
  | { readonly kind: 'flip'; readonly at: number; readonly bits: number }
  | { readonly kind: 'insert'; readonly at: number; readonly bytes: Uint8Array }
  | { readonly kind: 'cut'; readonly at: number; readonly length: number }
  | { readonly kind: 'copy'; readonly at: number; readonly from: number; readonly length: number }
  | { readonly kind: 'truncate'; readonly at: number };

/** A webhook that somebody meddled with. */
export interface Meddled {
  readonly body: Uint8Array<ArrayBuffer>;
  readonly headers: Record<string, string>;
}

const ENVELOPE = [
  'type',
  'event',
  'channel_id',
  'ai_response',
  'callback_url',
  'customer_data',
  'meta',
  'callback_required',
];
const SIGNATURES = [
  'of the original',
  'flipped',
  'short',
  'long',
  'upper case',
  'empty',
  'none',
  'twice',
  'spaced',
  'another secret',
  'of nothing',
  'legacy',
  'legacy, stale',
  'legacy without time',
  'legacy, but mr-signature is wrong',
] as const;
type Signature = 'right' | (typeof SIGNATURES)[number];

const at = fc.nat({ max: 4_000 });
const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.record({ kind: fc.constant('flip' as const), at, bits: fc.integer({ min: 1, max: 255 }) }),
  fc.record({ kind: fc.constant('insert' as const), at, bytes: fc.uint8Array({ minLength: 1, maxLength: 8 }) }),
  fc.record({ kind: fc.constant('cut' as const), at, length: fc.integer({ min: 1, max: 30 }) }),
  fc.record({ kind: fc.constant('copy' as const), at, from: at, length: fc.integer({ min: 1, max: 60 }) }),
  fc.record({ kind: fc.constant('truncate' as const), at }),
);

const nested = (depth: number): unknown => JSON.parse(`${'{"a":['.repeat(depth / 2)}1${']}'.repeat(depth / 2)}`);
const value: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom<unknown>(
    undefined,
    null,
    '',
    'NUL \0',
    'half \ud83d',
    "'; DROP TABLE webhooks; --",
    '\\',
    1e308,
    -0,
    {},
    [],
    'x'.repeat(600),
    '😀'.repeat(600),
    nested(20),
    nested(400),
    'y'.repeat(MAX_BODY_BYTES),
  ),
);
const field = fc.constantFrom(
  ...ENVELOPE,
  'ai_response.data',
  'ai_response.data.title',
  'ai_response.data.description',
  'customer_data.category',
  'customer_data.x',
  'meta.model',
  'extra',
);

const meddling = fc.record({
  type: fc.constantFrom(
    'task.ai_generated',
    'task.ai_generated',
    'task.ai_generated',
    'task.completed',
    'task.unknown',
  ),
  /** Of few, so that some are repeats. */
  channel: fc.nat({ max: 2_000 }),
  sets: fc.array(fc.tuple(field, value), { maxLength: 2 }),
  edits: fc.oneof(fc.constant<Edit[]>([]), fc.array(edit, { minLength: 1, maxLength: 3 })),
  signature: fc.oneof(fc.constant<Signature>('right'), fc.constantFrom<Signature>(...SIGNATURES)),
});

/** So many mutated requests, half of them signed as they are; the same ones for the same seed. `callbackUrl` is one that callbacks may go to. */
export function mutatedRequests(count: number, seed: number, callbackUrl: string): Meddled[] {
  return fc.sample(meddling, { numRuns: count, seed }).map(({ type, channel, sets, edits, signature }) => {
    const webhook: Record<string, unknown> = {
      type,
      event: 'video.generated',
      channel_id: `channel-${channel}`,
      ai_response: { data: { title: 'Inception – “先”', year: 2010, description: 'Dreams\nwithin "dreams"' } },
      callback_url: callbackUrl,
      callback_required: true,
      customer_data: { category: 'film', tags: ['a', { b: 1.5 }] },
      meta: { model: 'gpt', provider: 'openai', tokens: { total: 12 } },
    };
    for (const [path, replacement] of sets) put(webhook, path.split('.'), replacement);
    const original = Buffer.from(JSON.stringify(webhook));
    const body = new Uint8Array(edits.reduce(edited, original));
    return { body, headers: headersOf(signature, body, original) };
  });
}

function put(target: Record<string, unknown>, [name = '', ...rest]: string[], replacement: unknown): void {
  const inner = target[name];
  if (rest.length === 0) target[name] = structuredClone(replacement);
  else if (typeof inner === 'object' && inner !== null) put(inner as Record<string, unknown>, rest, replacement);
}

function edited(body: Buffer, change: Edit): Buffer {
  const place = change.at % (body.length + 1);
  const [before, after] = [body.subarray(0, place), body.subarray(place)];
  switch (change.kind) {
    case 'flip':
      return Buffer.concat([before, Buffer.from([(after[0] ?? 0) ^ change.bits]), after.subarray(1)]);
    case 'insert':
      return Buffer.concat([before, change.bytes, after]);
    case 'cut':
      return Buffer.concat([before, after.subarray(change.length)]);
    case 'copy':
      return Buffer.concat([before, body.subarray(change.from % (body.length + 1)).subarray(0, change.length), after]);
    case 'truncate':
      return before;
  }
}

function headersOf(signature: Signature, body: Uint8Array, original: Uint8Array): Record<string, string> {
  const right = sign(body);
  const now = Math.floor(Date.now() / 1000);
  const legacy = (time: number) => ({
    'x-modelriver-signature': sign(Buffer.concat([Buffer.from(`${time}.`), body])),
    'x-modelriver-timestamp': String(time),
  });
  switch (signature) {
    case 'right':
      return { 'mr-signature': right };
    case 'of the original':
      return { 'mr-signature': sign(original) };
    case 'flipped':
      return { 'mr-signature': right.replace(/^./, (digit) => (digit === '0' ? '1' : '0')) };
    case 'short':
      return { 'mr-signature': right.slice(0, 63) };
    case 'long':
      return { 'mr-signature': `${right}00` };
    case 'upper case':
      return { 'mr-signature': right.toUpperCase() };
    case 'empty':
      return { 'mr-signature': '' };
    case 'none':
      return {};
    case 'twice':
      return { 'mr-signature': `${right}, ${right}` };
    case 'spaced':
      return { 'mr-signature': `  ${right} ` };
    case 'another secret':
      return { 'mr-signature': createHmac('sha256', `${SECRET}x`).update(body).digest('hex') };
    case 'of nothing':
      return { 'mr-signature': sign('') };
    case 'legacy':
      return legacy(now);
    case 'legacy, stale':
      return legacy(now - 1_000);
    case 'legacy without time':
      return { 'x-modelriver-signature': legacy(now)['x-modelriver-signature'] };
    case 'legacy, but mr-signature is wrong':
      return { ...legacy(now), 'mr-signature': 'é'.repeat(64) };
  }
}
