import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

const FIRST_PAUSE_MS = 100;
/** Before a silent connection is asked whether it is still there; the system's default is two hours. */
export const KEEP_ALIVE_AFTER_MS = 10_000;
const LONGEST_PAUSE_MS = 5_000;
/** A server or pooler that takes the connection may still never answer. */
const ANSWER_WITHIN_MS = 10_000;
/** To a peer that was lost without a word, TCP repeats the goodbye for some 15 minutes, and keeps the process as long. */
const END_WITHIN_MS = 1_000;

/**
 * LISTENs on a connection of its own, which is made again when it breaks.
 * Throws when the first connection cannot be made. Gives the function that stops it.
 */
export async function listenOn(
  connectionString: string,
  channel: string,
  fn: (payload: string) => void,
): Promise<() => Promise<void>> {
  const stopping = new AbortController();
  let client = await connect();

  async function connect(): Promise<pg.Client> {
    const next = new pg.Client({
      connectionString,
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEP_ALIVE_AFTER_MS,
      connectionTimeoutMillis: ANSWER_WITHIN_MS,
      query_timeout: ANSWER_WITHIN_MS,
      application_name: 'hookline listen',
    });
    next.on('notification', (message) => fn(message.payload ?? ''));
    next.on('error', () => undefined);
    try {
      await next.connect();
      await next.query(`LISTEN ${pg.escapeIdentifier(channel)}`);
    } catch (error) {
      await end(next);
      throw error;
    }
    next.once('end', () => void reconnect());
    return next;
  }

  async function reconnect(): Promise<void> {
    for (let pause = FIRST_PAUSE_MS; !stopping.signal.aborted; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      await sleep(pause, undefined, { signal: stopping.signal }).catch(() => undefined);
      if (stopping.signal.aborted) return;
      try {
        client = await connect();
        if (stopping.signal.aborted) await end(client);
        return;
      } catch {
        // PostgreSQL is still away: the next round tries again.
      }
    }
  }

  return async () => {
    if (stopping.signal.aborted) return;
    stopping.abort();
    await end(client);
  };
}

async function end(client: pg.Client): Promise<void> {
  await Promise.race([client.end().catch(() => undefined), sleep(END_WITHIN_MS, undefined, { ref: false })]);
  client.connection.stream.destroy();
}
