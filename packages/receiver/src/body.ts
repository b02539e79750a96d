/** Why a request's body was not taken: it is longer than the limit, was not there in time, or its sender went away. The rest is not read. */
export type NotRead = 'too_large' | 'too_late' | 'broken';

/** Raw bytes of a request's body, at most `limit`, within `ms`. */
export async function readBody(
  request: Request,
  limit: number,
  ms: number,
): Promise<Uint8Array<ArrayBuffer> | NotRead> {
  if (Number(request.headers.get('content-length') ?? 0) > limit) {
    await request.body?.cancel().catch(() => undefined);
    return 'too_large';
  }
  if (request.bodyUsed) return 'broken';
  const reader = request.body?.getReader();
  if (reader === undefined) return new Uint8Array();
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    reader.cancel().catch(() => undefined);
  }, ms);
  try {
    const chunks: Uint8Array[] = [];
    let size = 0;
    for (;;) {
      const { done, value } = await reader.read();
      if (late) return 'too_late';
      if (done) return joined(chunks, size);
      size += value.byteLength;
      if (size > limit) {
        await reader.cancel().catch(() => undefined);
        return 'too_large';
      }
      chunks.push(value);
    }
  } catch {
    return 'broken';
  } finally {
    clearTimeout(timer);
  }
}

function joined(chunks: readonly Uint8Array[], size: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.byteLength;
  }
  return bytes;
}
