import { type Dispatcher, request } from 'undici';
import { type SignatureScheme, signedHeaders } from './sign.js';

/** One sending of a webhook. `status` is null when no whole answer came; `error` then says why, as `timeout` or `ECONNREFUSED`. */
export interface Attempt {
  /** From 1. */
  readonly number: number;
  /** Milliseconds since 1970. */
  readonly sentAt: number;
  readonly timeMs: number;
  readonly status: number | null;
  /** The answer's body, its first 64 KiB. */
  readonly body: string;
  readonly error: string | null;
}

/** What is sent, and how it is signed; each attempt gets its own timestamp unless one is given. */
export interface Outgoing {
  readonly url: string;
  readonly body: Buffer;
  readonly channelId: string | null;
  readonly scheme: SignatureScheme;
  readonly secret: string;
  /** Unix seconds. */
  readonly timestamp: number | undefined;
}

const KEPT_OF_ANSWER_BYTES = 65_536;

/** Whether the gateway takes the attempt for a success: any 2xx. */
export function succeeded({ status }: Attempt): boolean {
  return status !== null && status >= 200 && status < 300;
}

/** Sends a webhook once; follows no redirect. Never throws: what goes wrong is in the attempt. */
export async function attempt(
  outgoing: Outgoing,
  number: number,
  { dispatcher, answerWithinMs }: { readonly dispatcher: Dispatcher; readonly answerWithinMs: number },
): Promise<Attempt> {
  const { url, body, timestamp } = outgoing;
  const sentAt = Date.now();
  const startedAt = performance.now();
  const headers = signedHeaders(body, { ...outgoing, timestamp: timestamp ?? Math.floor(sentAt / 1000) });
  const ended = (outcome: Pick<Attempt, 'status' | 'body' | 'error'>): Attempt => ({
    number,
    sentAt,
    timeMs: Math.round(performance.now() - startedAt),
    ...outcome,
  });
  try {
    const signal = AbortSignal.timeout(answerWithinMs);
    const answer = await request(url, { method: 'POST', headers, body, dispatcher, signal });
    return ended({ status: answer.statusCode, body: await textOf(answer.body), error: null });
  } catch (error) {
    return ended({ status: null, body: '', error: reasonOf(error) });
  }
}

async function textOf(stream: AsyncIterable<Uint8Array> & { destroy(): void }): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    chunks.push(chunk);
    bytes += chunk.byteLength;
    if (bytes >= KEPT_OF_ANSWER_BYTES) break;
  }
  return Buffer.concat(chunks).subarray(0, KEPT_OF_ANSWER_BYTES).toString('utf8');
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'network_error';
  if (error.name === 'TimeoutError') return 'timeout';
  return 'code' in error && typeof error.code === 'string' ? error.code : 'network_error';
}
