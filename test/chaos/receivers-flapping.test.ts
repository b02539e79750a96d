import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Answer } from '../harness/receiver-server.js';
import { freePort } from '../harness/services/free-port.js';
import { expectFlow } from './bystander.js';
import { Scene } from './scene.js';

const FLAPS_FOR_MS = 12_000;
const TURN_MS = 600;
/** What a flapping receiver does, one after the other, for a turn each. */
const TURNS: readonly Answer[] = [
  {},
  'destroy',
  { status: 500 },
  {},
  'hang',
  { status: 429, headers: { 'retry-after': '1' } },
  { neverEnd: true, body: 'half' },
];

describe('receivers that go up and down', () => {
  let scene: Scene;
  beforeEach(async () => {
    scene = await Scene.open();
  });
  afterEach(async () => {
    await scene.close();
  });

  it('get every delivery in the end, or use up its attempts; a receiver that is up waits for nothing', async () => {
    await Promise.all([scene.startWorker(), scene.startWorker()]);
    const bystander = await scene.bystander();
    let began = Date.now();
    const flapping = (phase: number): Answer => {
      const turn = Math.floor((Date.now() - began) / TURN_MS) + phase;
      return Date.now() - began > FLAPS_FOR_MS ? {} : (TURNS[turn % TURNS.length] ?? {});
    };
    const receivers = await Promise.all([0, 2, 4].map((phase) => scene.receiver(() => flapping(phase))));
    // Nobody listens there, nor is given this port.
    const gone = `http://127.0.0.1:${await freePort()}/hook`;
    const patient = [];
    for (const { url } of receivers) patient.push(...(await scene.users(3, url, { timeout_seconds: 1 })));
    const hasty = await scene.users(2, gone, { timeout_seconds: 1, max_retries: 2 });
    // Fewer failures than open the circuit breaker: beyond that they would wait for its probes.
    await scene.trigger(hasty, 5);
    const reached: string[] = [];
    began = Date.now();
    while (Date.now() - began < FLAPS_FOR_MS) {
      reached.push(...(await scene.trigger(patient, 3)));
      await bystander.next();
    }
    await scene.finish(90_000);

    const { rows } = await scene.db.query<{ status: string; n: number }>(
      'SELECT status, count(*)::int AS n FROM webhook_deliveries WHERE id = ANY ($1::uuid[]) GROUP BY status',
      [reached],
    );
    expect(rows).toEqual([{ status: 'success', n: reached.length }]);
    expectFlow(bystander, { mostWithinMs: 5_000, allWithinMs: 10_000 });
  }, 150_000);
});
