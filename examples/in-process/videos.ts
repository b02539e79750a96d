import type { Hookline } from 'hookline';
import type pg from 'pg';

/** The payload of each event that this application triggers. */
export type Events = {
  'video.generated': { video_id: string; status: 'completed' };
};

/** Stores a finished video and tells its owner's webhooks, both or neither: one transaction. Throws what `afterwards` throws. */
export async function finishVideo(
  { pool, hookline }: { pool: pg.Pool; hookline: Hookline<Events> },
  video: { id: string; userId: string },
  afterwards: () => void = () => undefined,
): Promise<string> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query('INSERT INTO videos (id) VALUES ($1)', [video.id]);
    const { eventId } = await hookline.trigger(client, {
      type: 'video.generated',
      payload: { video_id: video.id, status: 'completed' },
      userId: video.userId,
      // Called again for the same video, it tells nobody twice.
      idempotencyKey: `video-${video.id}`,
    });
    afterwards();
    await client.query('COMMIT');
    return eventId;
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}
