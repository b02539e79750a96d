import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ReceiverServer } from '../harness/receiver-server.js';
import { waitUntil } from '../harness/wait-until.js';
import { expectFlow } from './bystander.js';
import { Scene } from './scene.js';

const OPEN_FOR_MS = 10_000;
/** After its commit, however many deliveries that are younger were sent before. */
const SENT_WITHIN_MS = 8_000;
/** Sooner than the transaction ends. */
const RECORDED_WITHIN_MS = 8_000;

describe('an application that leaves its transaction open after its trigger', () => {
  let scene: Scene;
  let receiver: ReceiverServer;
  beforeEach(async () => {
    scene = await Scene.open();
    receiver = await scene.receiver();
  });
  afterEach(async () => {
    await scene.close();
  });

  it('holds up nobody, not even on the same webhooks, and its own deliveries go out after its commit', async () => {
    const users = await scene.users(4, receiver.url);
    await Promise.all([scene.startWorker(), scene.startWorker()]);
    const bystander = await scene.bystander(50);

    const opened: { ids: string[]; committedAt: number }[] = [];
    // A client of the application's own, with none of our settings.
    const leaveOpen = async (forMs: number) => {
      const client = new pg.Client({ connectionString: scene.databaseUrl });
      await client.connect();
      await client.query('BEGIN');
      const { rows } = await client.query<{ id: string }>(
        `SELECT t.delivery_id AS id FROM unnest($1::uuid[]) u, LATERAL trigger_webhook_event('video.generated', '{}', u) t`,
        [users],
      );
      await sleep(forMs);
      await client.query('COMMIT');
      opened.push({ ids: rows.map(({ id }) => id), committedAt: Date.now() });
      await client.end();
    };

    const open = [OPEN_FOR_MS, OPEN_FOR_MS / 2, OPEN_FOR_MS / 3].map(leaveOpen);
    const until = Date.now() + OPEN_FOR_MS;
    while (Date.now() < until) {
      const ids = await scene.trigger(users, 5);
      await waitUntil(async () => (await scene.unended(ids)) === 0, {
        message: 'deliveries to the same webhooks to be sent and recorded meanwhile',
        timeoutMs: RECORDED_WITHIN_MS,
      });
    }
    await Promise.all(open);
    await scene.finish(30_000);

    const cameAt = new Map(receiver.requests.map(({ headers, at }) => [String(headers['x-webhook-delivery']), at]));
    const waits = opened.flatMap(({ ids, committedAt }) => ids.map((id) => (cameAt.get(id) ?? 0) - committedAt));
    expect(waits).toHaveLength(users.length * open.length);
    expect(Math.max(...waits)).toBeLessThan(SENT_WITHIN_MS);
    expectFlow(bystander, { mostWithinMs: 3_000, allWithinMs: 8_000 });
  }, 90_000);
});
