import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createWebhookHandler, type MapRecord, mysqlStore } from '@hookline/receiver';
import type { Provider, Waiting } from '../../src/schema/provider.js';
import { createMysqlProvider } from '../../src/schema/providers/mysql/provider.js';
import { createPlanetscaleProvider } from '../../src/schema/providers/planetscale/provider.js';
import { type ReplayOptions, replay } from '../../src/schema/replay/replay.js';
import { type MariadbDatabase, newMariadbDatabase } from '../harness/mariadb-databases.js';
import { startTestPlanetscaleApi } from '../harness/planetscale-api.js';
import { rows } from './mysql-helpers.js';

export const WAITING: Waiting = { timeoutMs: 30_000 };

/** A webhook of the gateway; `n` makes it another one. */
export function webhookOf(n: number, changes: Readonly<Record<string, unknown>> = {}, data: object = {}): string {
  return JSON.stringify({
    type: 'task.ai_generated',
    event: 'video.generated',
    channel_id: `channel-${n}`,
    callback_url: 'https://api.modelriver.com/v1/callback/c1',
    ai_response: { data: { title: `Title ${n}`, description: `Body ${n} 🎬`, score: n / 7, ...data } },
    customer_data: { category: 'clips', tokens: '12', big: 1 },
    meta: { model: 'm1', provider: 'p1' },
    ...changes,
  });
}

/** Production with webhooks in it, and branches of it. */
export interface Scene {
  readonly database: MariadbDatabase;
  readonly provider: Provider;
  /** Makes a branch, changed by these statements. */
  branch(name: string, ...statements: readonly string[]): Promise<string>;
  /** Runs statements on a branch. */
  apply(name: string, ...statements: readonly string[]): Promise<void>;
  /** Stores webhooks in production, as the receiver does. */
  receive(bodies: readonly string[], mapRecord?: MapRecord): Promise<void>;
  /** A replay of production's newest 100 without a baseline, or as `changes` say. */
  replay(branch: string, changes?: Partial<ReplayOptions>): ReturnType<typeof replay>;
  /** How many rows a branch has. */
  count(branch: string): Promise<number>;
  close(): Promise<void>;
}

export async function newScene(): Promise<Scene> {
  const database = await newMariadbDatabase();
  return sceneOf(database, createMysqlProvider({ url: database.url }), () => database.drop());
}

/** The same with branches at the stand-in of PlanetScale. */
export async function newPlanetscaleScene(): Promise<Scene> {
  const api = await startTestPlanetscaleApi({ migrated: true });
  return sceneOf(api.database, createPlanetscaleProvider({ ...api.settings, pollMs: 20 }), () => api.close());
}

function sceneOf(database: MariadbDatabase, provider: Provider, drop: () => Promise<void>): Scene {
  const apply: Scene['apply'] = (name, ...statements) =>
    provider.apply(
      name,
      statements.map((text, at) => ({ text, line: at + 1 })),
      () => undefined,
    );

  return {
    database,
    provider,
    apply,
    async branch(name, ...statements) {
      await provider.createBranch({ name, from: 'main' }, WAITING);
      await apply(name, ...statements);
      return name;
    },
    async receive(bodies, mapRecord) {
      const handle = createWebhookHandler({
        store: mysqlStore(database.pool),
        secret: 's',
        apiKey: 'k',
        callbackOrigins: [],
        ...(mapRecord && { mapRecord }),
      });
      for (const body of bodies) {
        const headers = { 'mr-signature': createHmac('sha256', 's').update(body).digest('hex') };
        const { status } = await handle(new Request('https://app.example', { method: 'POST', headers, body }));
        if (status !== 200) throw new Error(`answered ${status}`);
      }
    },
    replay: (branch, changes = {}) =>
      replay({
        provider,
        branch,
        source: { kind: 'stored', last: 100 },
        baseline: false,
        waiting: WAITING,
        ...changes,
      }),
    async count(branch) {
      const connection = await provider.connect(branch, 'reader');
      const [found] = await connection.sql.rows<{ n: string | number }>('SELECT COUNT(*) AS n FROM ai_content');
      await connection.close();
      return Number(found?.n);
    },
    async close() {
      for (const { number } of await provider.deployRequests.list({ state: 'open' })) {
        await provider.deployRequests.close(number);
      }
      for (const { name, production } of await provider.listBranches()) {
        if (!production) await provider.deleteBranch(name);
      }
      await provider.close();
      await drop();
    },
  };
}

/** The databases of a test's own database: itself, its branches, its state. */
export async function databasesOf({ database }: Scene): Promise<string[]> {
  const name = new URL(database.url).pathname.slice(1);
  const found = await rows<{ Database: string }>(database.pool, 'SHOW DATABASES');
  return found.map((row) => row.Database).filter((one) => one === name || one.startsWith(`${name}__`));
}

/** A gateway that counts the callbacks that come to it: of a replay there must be none. */
export async function startUncalled(): Promise<{ readonly callbackUrl: string; calls(): number; close(): void }> {
  let calls = 0;
  const gateway = createServer((_request, response) => {
    calls += 1;
    response.end();
  });
  await new Promise<void>((resolve) => gateway.listen(0, '127.0.0.1', resolve));
  return {
    callbackUrl: `http://127.0.0.1:${(gateway.address() as AddressInfo).port}/callback`,
    calls: () => calls,
    close: () => void gateway.close(),
  };
}
