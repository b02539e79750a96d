import { joined, utf8 } from './encoding.js';
import { WebhookVerificationError } from './error.js';

/** Headers by the web's standard, or as a record like Node's; its names may be in any case. */
export type HeadersLike =
  | { get(name: string): string | null }
  | { readonly [name: string]: string | readonly string[] | undefined };

/** A request whose body has been read, as it came: the bytes, or their text. */
export interface ReadRequest {
  readonly headers: HeadersLike;
  readonly body: string | Uint8Array | ArrayBuffer;
}

export type HeaderLookUp = (name: string) => string | null;

/** Looks headers up by their lower-case names. */
export function lookUp(headers: HeadersLike): HeaderLookUp {
  if (isStandard(headers)) return (name) => headers.get(name);
  const byName = new Map<string, string>();
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) byName.set(name.toLowerCase(), typeof value === 'string' ? value : value.join(', '));
  }
  return (name) => byName.get(name) ?? null;
}

function isStandard(headers: HeadersLike): headers is { get(name: string): string | null } {
  return typeof headers['get'] === 'function';
}

/** Whether it is a standard Request, also one of another realm. */
function isWebRequest(request: Request | ReadRequest): request is Request {
  return 'bodyUsed' in request;
}

/**
 * The raw bytes of a request's body.
 * @throws WebhookVerificationError `body_too_large` beyond `limit` bytes, of which no more are read;
 * `body_already_read`; `body_broken`.
 */
export async function bodyOf(request: Request | ReadRequest, limit: number): Promise<Uint8Array<ArrayBuffer>> {
  if (!isWebRequest(request)) {
    const { body } = request;
    const bytes = typeof body === 'string' ? utf8(body) : new Uint8Array(body);
    if (bytes.byteLength > limit) throw tooLarge(limit);
    return bytes;
  }
  if (request.bodyUsed) {
    throw new WebhookVerificationError(
      'body_already_read',
      'The body has been read before. Verify first, or pass { headers, body } with the bytes as they came.',
    );
  }
  const reader = request.body?.getReader();
  if (reader === undefined) return new Uint8Array();
  const chunks = { next: () => reader.read(), return: () => reader.cancel() };
  return collect(chunks, request.headers.get('content-length'), limit);
}

/** What a stream gives, chunk by chunk: of a reader of the web, or the iterator of one of Node's. */
export interface Chunks {
  next(): Promise<{ readonly done?: boolean | undefined; readonly value?: Uint8Array | undefined }>;
  return?(): Promise<unknown>;
}

/**
 * Reads a stream to its end.
 * @throws WebhookVerificationError `body_too_large`, before anything is read where `contentLength` says so;
 * `body_broken`.
 */
export async function collect(
  chunks: Chunks,
  contentLength: string | null,
  limit: number,
): Promise<Uint8Array<ArrayBuffer>> {
  if (Number(contentLength ?? 0) > limit) throw tooLarge(limit);
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    for (;;) {
      const { done, value } = await chunks.next();
      if (done === true || value === undefined) return joined(parts);
      size += value.byteLength;
      if (size > limit) break;
      parts.push(value);
    }
  } catch (cause) {
    throw new WebhookVerificationError('body_broken', 'The body broke off before its end.', { cause });
  }
  await chunks.return?.().catch(() => undefined);
  throw tooLarge(limit);
}

/** The refusal of a body beyond `limit` bytes. */
export function tooLarge(limit: number): WebhookVerificationError {
  return new WebhookVerificationError(
    'body_too_large',
    `The body has more than ${limit} bytes. Payloads have at most 256 KiB; maxBodyBytes allows more.`,
  );
}
