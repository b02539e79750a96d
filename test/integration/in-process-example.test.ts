import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { openPostgres } from '../../src/db/pg.js';
import { newPostgresDatabase } from '../harness/databases.js';
import { createWebhook, startTestWorker } from '../harness/delivering.js';
import { startReceiver } from '../harness/receiver-server.js';
import { waitUntil } from '../harness/wait-until.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

it('examples/in-process: rolled back, nothing is delivered; committed, it is', async () => {
  const database = await newPostgresDatabase();
  const db = openPostgres({ connectionString: database.url });
  const receiver = await startReceiver();
  const worker = await startTestWorker(db);
  try {
    await db.query('CREATE TABLE videos (id text PRIMARY KEY)', []);
    const { userId } = await createWebhook(db, receiver.url);
    const conditions = ['--conditions=hookline-source', '--import', 'tsx'];
    const { stdout } = await promisify(execFile)(process.execPath, [...conditions, 'examples/in-process/main.ts'], {
      env: { PATH: process.env['PATH'], DATABASE_URL: database.url, USER_ID: userId },
      cwd: ROOT,
    });
    expect(stdout).toBe('rolled back: the disk is full; nothing is delivered\ncommitted: v2 is delivered\n');
    await waitUntil(async () => (await db.query('SELECT FROM hookline.queue')).rowCount === 0, {
      message: 'everything is delivered',
    });
    expect(receiver.requests.map(({ body }) => JSON.parse(body.toString()))).toEqual([
      { video_id: 'v2', status: 'completed' },
    ]);
    expect((await db.query('SELECT id FROM videos')).rows).toEqual([{ id: 'v2' }]);
  } finally {
    await worker.stop(5_000);
    await receiver.close();
    await db.close();
    await database.drop();
  }
}, 120_000);
