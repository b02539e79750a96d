import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../src/db/database.js';
import type { Worker } from '../../src/deliver/worker.js';
import { describeOnPostgres, openTestDatabase, type TestDatabase } from '../harness/databases.js';
import { startTestWorker } from '../harness/delivering.js';
import { type ReceiverServer, startReceiver } from '../harness/receiver-server.js';
import { waitUntil } from '../harness/wait-until.js';
import { addBacklog, addWebhooks, OpenCalls } from './backlogs.js';

const PER_WEBHOOK = 16;
const PER_USER = 64;
const DELAY_MS = 300;
const LONG_DELAY_MS = 1_500;
/** Heartbeats come every five seconds. */
const BEATS_WITHIN_MS = 20_000;

/** What is open at the receiver, measured there, while workers have far more to send. */
class Scene {
  readonly open = new OpenCalls(DELAY_MS);
  readonly workers: Worker[] = [];

  private constructor(
    readonly db: Database,
    readonly receiver: ReceiverServer,
  ) {}

  static async begin(db: Database): Promise<Scene> {
    const scene = new Scene(db, await startReceiver());
    scene.receiver.answerWith(scene.open.script);
    return scene;
  }

  async end(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.stop(3_000)));
    await this.receiver.close();
    await this.db.query('DELETE FROM webhooks');
    await this.db.query('UPDATE hookline.settings SET calls_per_webhook = DEFAULT, calls_per_user = DEFAULT');
  }

  async start(count = 1): Promise<void> {
    this.workers.push(...(await Promise.all(Array.from({ length: count }, () => startTestWorker(this.db)))));
  }

  /** A user with a webhook for each path, and so much for each of them. */
  async backlog(paths: readonly string[], count: number): Promise<void> {
    const { ids } = await addWebhooks(
      this.db,
      paths.map((path) => this.receiver.url.replace('/hook', path)),
    );
    await addBacklog(this.db, ids, count);
  }

  /** Waits until each worker's heartbeat has told it of the settings as they are. */
  async beats(): Promise<void> {
    const asked = await this.db.query<{ at: string }>('SELECT clock_timestamp()::text AS at');
    const at = asked.rows[0]?.at ?? '';
    const late = 'SELECT FROM hookline.workers WHERE heartbeat_at <= $1::timestamptz';
    await waitUntil(async () => (await this.db.query(late, [at])).rows.length === 0, {
      message: 'a heartbeat of each',
      timeoutMs: BEATS_WITHIN_MS,
    });
  }

  /** Waits until the workers have shared the caps out. */
  async shared(): Promise<void> {
    const counted = 'SELECT FROM hookline.workers WHERE calls_per_webhook IS NULL OR hookline.caps_are_counted()';
    const isShared = async () => (await this.db.query(counted)).rows.length === 0;
    await waitUntil(isShared, { message: 'shares of the caps', timeoutMs: BEATS_WITHIN_MS });
  }

  /**
   * Waits until so many calls have been open at once. Where that has not come about by now, calls take longer until then: on a slow machine the first may be over before the last
   * has begun.
   */
  async filled(most: number, path = ''): Promise<void> {
    if (this.open.most(path) >= most) return;
    this.open.delayMs = LONG_DELAY_MS;
    const message = () => `${this.open.most(path)} calls open at once of ${most}`;
    await waitUntil(() => this.open.most(path) >= most, { message, timeoutMs: BEATS_WITHIN_MS });
    this.open.delayMs = DELAY_MS;
  }

  /** Waits for so many more calls. */
  async more(count: number): Promise<void> {
    await this.receiver.waitFor(this.receiver.requests.length + count, 25_000);
  }
}

const TEN = Array.from({ length: 10 }, (_, n) => `/${n}`);

describeOnPostgres('a lone worker', (ctx) => {
  let scene: Scene;
  beforeEach(async () => {
    scene = await Scene.begin(ctx.db());
  });
  afterEach(() => scene.end());

  it('fills the cap of a webhook and keeps to it', async () => {
    await scene.backlog(['/slow'], 150);
    await scene.start();
    await scene.more(120);
    await scene.filled(PER_WEBHOOK, '/slow');
    expect(scene.open.most('/slow')).toBe(PER_WEBHOOK);
  });

  it('fills the cap of a user and keeps to it, over ten webhooks', async () => {
    await scene.backlog(TEN, 40);
    await scene.start();
    await scene.more(300);
    await scene.filled(PER_USER);
    expect(scene.open.most()).toBe(PER_USER);
    for (const path of TEN) expect(scene.open.most(path), path).toBeLessThanOrEqual(PER_WEBHOOK);
  });

  it('keeps to caps of the settings, and within seconds to changed ones', async () => {
    await ctx.db().query('UPDATE hookline.settings SET calls_per_webhook = 3, calls_per_user = 10');
    await scene.backlog(TEN, 200);
    await scene.start();
    await scene.more(40);
    await scene.filled(10);
    expect(scene.open.most()).toBe(10);
    for (const path of TEN) expect(scene.open.most(path), path).toBeLessThanOrEqual(3);

    await ctx.db().query('UPDATE hookline.settings SET calls_per_webhook = 1, calls_per_user = 4');
    await scene.beats();
    // Those that were open are over by then.
    await scene.more(10);
    scene.open.reset();
    await scene.more(20);
    expect(scene.open.most()).toBeLessThanOrEqual(4);
    for (const path of TEN) expect(scene.open.most(path), path).toBeLessThanOrEqual(1);

    await ctx.db().query('UPDATE hookline.settings SET calls_per_webhook = 5, calls_per_user = 30');
    await scene.filled(30);
    expect(scene.open.most()).toBe(30);
  }, 90_000);
});

describe('several workers', { timeout: 90_000 }, () => {
  let database: TestDatabase;
  let scene: Scene;
  beforeAll(async () => {
    database = await openTestDatabase('postgres');
  });
  afterAll(() => database.drop());
  beforeEach(async () => {
    scene = await Scene.begin(database.db);
  });
  afterEach(() => scene.end());

  it.each([2, 3])('of %i, none goes beyond the cap of a webhook, and together they fill it', async (count) => {
    await scene.start(count);
    await scene.shared();
    await scene.backlog(['/slow'], 200);
    await scene.more(120);
    await scene.filled(PER_WEBHOOK, '/slow');
    expect(scene.open.most('/slow')).toBe(PER_WEBHOOK);
  });

  it.each([2, 3])('of %i, none goes beyond the cap of a user, and together they fill it', async (count) => {
    await scene.start(count);
    await scene.shared();
    await scene.backlog(TEN, 100);
    await scene.more(300);
    await scene.filled(PER_USER);
    expect(scene.open.most()).toBe(PER_USER);
    for (const path of TEN) expect(scene.open.most(path), path).toBeLessThanOrEqual(PER_WEBHOOK);
  });

  it('keep to the caps from the first call on when they start on a backlog', async () => {
    await scene.backlog(TEN, 60);
    await scene.start(3);
    await scene.more(250);
    expect(scene.open.most()).toBeLessThanOrEqual(PER_USER);
    for (const path of TEN) expect(scene.open.most(path), path).toBeLessThanOrEqual(PER_WEBHOOK);
  });

  it('keep to them when they join one that has claimed ahead', async () => {
    await scene.backlog(TEN, 100);
    await scene.start();
    await scene.more(100);
    await scene.start(2);
    await scene.more(400);
    expect(scene.open.most()).toBeLessThanOrEqual(PER_USER);
    for (const path of TEN) expect(scene.open.most(path), path).toBeLessThanOrEqual(PER_WEBHOOK);
  });

  it('keep to them, and fill them, as others come and go', async () => {
    await scene.start(2);
    await scene.shared();
    await scene.backlog(TEN, 200);
    await scene.more(100);
    await scene.start();
    await scene.more(200);
    await scene.workers.shift()?.stop(3_000);
    await scene.more(200);
    expect(scene.open.most()).toBeLessThanOrEqual(PER_USER);
    for (const path of TEN) expect(scene.open.most(path), path).toBeLessThanOrEqual(PER_WEBHOOK);
    await scene.shared();
    scene.open.reset();
    await scene.filled(PER_USER);
    expect(scene.open.most()).toBe(PER_USER);
  });

  it('keep to changed caps within seconds, whether there is enough of them for each to have a share or not', async () => {
    await scene.start(3);
    await scene.shared();
    await scene.backlog(TEN, 400);
    for (const [perWebhook, perUser] of [
      [2, 4],
      [9, 31],
      [1, 64],
    ]) {
      await database.db.query('UPDATE hookline.settings SET calls_per_webhook = $1::int, calls_per_user = $2::int', [
        Number(perWebhook),
        Number(perUser),
      ]);
      // What is known after two heartbeats is kept to after the calls that were open then.
      for (let beats = 0; beats < 2; beats += 1) await scene.beats();
      await scene.more(20);
      scene.open.reset();
      const most = Math.min(Number(perUser), TEN.length * Number(perWebhook));
      await scene.filled(most);
      await scene.more(50);
      expect(scene.open.most()).toBe(most);
      for (const path of TEN) expect(scene.open.most(path), path).toBeLessThanOrEqual(Number(perWebhook));
    }
  }, 180_000);

  it('keep to lower caps at once, and one user’s cap is nothing to another', async () => {
    await database.db.query('UPDATE hookline.settings SET calls_per_webhook = 2, calls_per_user = 3');
    await scene.start(2);
    await scene.backlog(['/a', '/b'], 60);
    await scene.backlog(['/c'], 60);
    await scene.more(60);
    for (const path of ['/a', '/b']) expect(scene.open.most(path), path).toBeLessThanOrEqual(2);
    await scene.filled(2, '/c');
    expect(scene.open.most('/c')).toBe(2);
    await scene.filled(5);
    expect(scene.open.most()).toBe(5);
  });
});
