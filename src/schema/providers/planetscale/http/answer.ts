import type { Static, TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { PlanetscaleError } from './api-error.js';
import type { Asked } from './refusal.js';

/** A schema of some hundred tables is below 2 MiB. */
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

/** The text of an answer. Throws `planetscale_refused` when it is larger than anything that is asked for; what the connection throws. */
export async function textOf({ method, path }: Asked, response: Response): Promise<string> {
  if (response.body === null) return '';
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  const reader = response.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return Buffer.concat(chunks).toString('utf8');
    bytes += value.byteLength;
    if (bytes > MAX_ANSWER_BYTES) {
      await reader.cancel().catch(() => undefined);
      throw new PlanetscaleError(
        'planetscale_refused',
        `PlanetScale answered ${method} ${path} with more than ${MAX_ANSWER_BYTES / 1024 / 1024} MiB`,
        { exchange: { status: response.status, words: '', lost: true }, hint: notThatApi },
      );
    }
    chunks.push(value);
  }
}

/** The answer's JSON in the shape that is read from it. Throws `planetscale_refused`, and says which field is wrong. */
export function inShape<Shape extends TSchema>(
  { method, path }: Asked,
  shape: Shape,
  status: number,
  text: string,
): Static<Shape> {
  const unexpected = (what: string): PlanetscaleError =>
    new PlanetscaleError('planetscale_refused', `PlanetScale answered ${method} ${path} unexpectedly: ${what}`, {
      exchange: { status, words: '', lost: true },
      hint: notThatApi,
    });
  let value: unknown;
  try {
    value = text === '' ? undefined : JSON.parse(text);
  } catch {
    throw unexpected('it is not JSON');
  }
  if (Value.Check(shape, value)) return value as Static<Shape>;
  const [first] = Value.Errors(shape, value);
  throw unexpected(`${first?.instancePath.slice(1) || 'the body'} ${first?.message ?? 'is not as it should be'}`);
}

const notThatApi =
  "Does HOOKLINE_PLANETSCALE_API name an API of PlanetScale? If it does, its answers have changed: update Hookline, or use PlanetScale's own pscale.";
