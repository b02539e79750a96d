import { isLost, PlanetscaleError } from './api-error.js';
import { pause } from './time-limit.js';

const TRIES = 3;

/**
 * Sends what must not happen twice. When the answer is lost, it looks whether it happened, and sends it again only if not.
 * @param look gives what the request made, or undefined when it made nothing
 */
export async function once<Made>(
  send: () => Promise<Made>,
  look: () => Promise<Made | undefined>,
  { pauseMs, signal }: { readonly pauseMs: number; readonly signal?: AbortSignal | undefined },
): Promise<Made> {
  let lost = false;
  for (let tries = 1; ; tries++) {
    try {
      return await send();
    } catch (error) {
      // After a lost answer a refusal may be that of the second request, since the first one came in late.
      lost ||= isLost(error);
      if (!lost || !(error instanceof PlanetscaleError)) throw error;
      await pause(pauseMs, signal);
      const made = await look();
      if (made !== undefined) return made;
      // An answer that cannot be read comes again in the same form.
      const passing = isLost(error) && error.code === 'planetscale_unavailable';
      if (!passing || tries >= TRIES) throw error;
    }
  }
}
