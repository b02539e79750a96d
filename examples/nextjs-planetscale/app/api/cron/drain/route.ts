import { createHash, timingSafeEqual } from 'node:crypto';
import { drainWebhooks } from '@hookline/receiver';

/** Seconds. A drain claims in small batches, so one that is cut off here loses nothing. */
export const maxDuration = 60;

/**
 * Vercel's cron calls this every minute (vercel.json) with `Authorization: Bearer $CRON_SECRET`. It does the callbacks that could not be
 * made at once, and answers how many. Without CRON_SECRET it is closed.
 */
export async function GET(request: Request): Promise<Response> {
  if (!isCron(request.headers.get('authorization'))) return Response.json({ error: 'Unauthorized' }, { status: 401 });
  try {
    return Response.json(await drainWebhooks());
  } catch (error) {
    console.error('The drain failed:', error instanceof Error ? error.name : error);
    return Response.json({ error: 'The drain failed. The log says why.' }, { status: 503 });
  }
}

function isCron(authorization: string | null): boolean {
  const { CRON_SECRET } = process.env;
  if (!CRON_SECRET || authorization === null) return false;
  return timingSafeEqual(sha256(authorization), sha256(`Bearer ${CRON_SECRET}`));
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
