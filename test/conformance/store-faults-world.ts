import { randomUUID } from 'node:crypto';
import {
  createWebhookHandler,
  type DrainResult,
  drain,
  type HandlerContext,
  planetscaleStore,
  restEmitter,
  type Store,
  type WebhookHandlerOptions,
} from '@hookline/receiver';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import type { StoredRow } from '../../packages/receiver/test/store-conformance.js';
import { type PlanetscaleGateway, startPlanetscaleGateway } from '../../src/dev/planetscale-gateway/gateway.js';
import { type MariadbDatabase, newMariadbDatabase } from '../harness/mariadb-databases.js';
import { type ReceivedRequest, type ReceiverServer, startReceiver } from '../harness/receiver-server.js';
import { requestOf, SECRET, sign } from './store-faults-requests.js';
import { mysqlTable } from './stores-mysql-table.js';

const API_KEY = 'mr-api-key';
const EVENT_ID = '0190a0b0-0000-7000-8000-00000000000a';
/** Longer than every lease, shorter than the callback's window. */
const LEASE_OVER_MS = 30_000;

export type Overrides = Partial<WebhookHandlerOptions>;

/** The whole receiver, with the real driver over the gateway that faults come from, and those whom it calls. */
export interface World {
  gateway(): PlanetscaleGateway;
  /** The AI gateway's side of callbacks. */
  modelriver(): ReceiverServer;
  /** A Hookline server's side of events. */
  hookline(): ReceiverServer;
  store(): Store;
  /** What the handler and the drain are made with. */
  options(overrides?: Overrides): WebhookHandlerOptions;
  webhook(changes?: Record<string, unknown>): string;
  /** Gives a signed webhook to a handler, and waits for what follows the answer. */
  send(body: string, overrides?: Overrides): Promise<Response>;
  /** Every row, the first one first. */
  rows(): Promise<StoredRow[]>;
  /** Key and hash of the body of every row. */
  keys(): Promise<{ key: string; bodyHash: string }[]>;
  /** The one row; fails when there are others. */
  row(): Promise<StoredRow>;
  /** Removes every row. */
  clear(): Promise<void>;
  /** Lets every lease end. */
  age(): Promise<void>;
  /** Lets every lease end, and does what is left to do until nothing is due. */
  settle(): Promise<DrainResult>;
  /** The bodies of the callbacks since the test began. */
  callbacks(): Record<string, unknown>[];
  /** Lines of the log since the test began. */
  lines(): readonly Line[];
}

export interface Line {
  readonly level: string;
  readonly event: string;
  readonly fields: Record<string, unknown>;
}

export function useWorld(): World {
  let database: MariadbDatabase;
  let gateway: PlanetscaleGateway;
  let modelriver: ReceiverServer;
  let hookline: ReceiverServer;
  let store: Store;
  let lines: Line[] = [];
  let calledBefore = 0;
  const table = mysqlTable(() => database.pool);

  beforeAll(async () => {
    database = await newMariadbDatabase();
    gateway = await startPlanetscaleGateway({ mysql: database.url, user: 'user', password: 'pscale_pw_1' });
    store = planetscaleStore({ url: gateway.url });
    [modelriver, hookline] = await Promise.all([startReceiver(), startReceiver()]);
  });
  beforeEach(async () => {
    lines = [];
    calledBefore = modelriver.requests.length;
    gateway.faults.clear();
    modelriver.answerWith([{}]);
    hookline.answerWith([{ status: 202, body: JSON.stringify({ event_id: EVENT_ID }) }]);
    await table.clear();
  });
  afterEach(() => {
    const telling = /INSERT|UPDATE|SELECT|ai_content|pscale_pw|mr-api-key|mr-webhook-secret/i;
    expect(lines.filter((line) => telling.test(JSON.stringify(line)))).toEqual([]);
  });
  afterAll(async () => {
    await Promise.all([gateway.close(), modelriver.close(), hookline.close()]);
    await database.drop();
  });

  function options(overrides: Overrides = {}): WebhookHandlerOptions {
    return {
      store,
      secret: SECRET,
      apiKey: API_KEY,
      callbackOrigins: [new URL(modelriver.url).origin],
      emitter: restEmitter({ url: new URL(hookline.url).origin, serviceKey: 'service-key' }),
      log: (level, event, fields) => void lines.push({ level, event, fields }),
      ...overrides,
    };
  }
  async function rows(): Promise<StoredRow[]> {
    const [found] = await database.pool.query('SELECT CAST(id AS CHAR) AS id FROM ai_content ORDER BY ai_content.id');
    return Promise.all((found as { id: string }[]).map(({ id }) => table.row(id)));
  }

  async function age(): Promise<void> {
    for (const { id } of await rows()) await table.age(String(id), LEASE_OVER_MS);
  }

  return {
    gateway: () => gateway,
    modelriver: () => modelriver,
    hookline: () => hookline,
    store: () => store,
    options,
    webhook(changes = {}) {
      const channelId = randomUUID();
      return JSON.stringify({
        type: 'task.ai_generated',
        event: 'video.generated',
        channel_id: channelId,
        ai_response: { data: { title: 'Inception', year: 2010 } },
        callback_url: new URL(`/v1/callback/${channelId}`, modelriver.url).href,
        customer_data: { user_id: randomUUID() },
        ...changes,
      });
    },
    async send(body, overrides = {}) {
      const after: Promise<unknown>[] = [];
      const context: HandlerContext = { waitUntil: (promise) => void after.push(promise) };
      const answer = await createWebhookHandler(options(overrides))(
        requestOf(body, { 'mr-signature': sign(body) }),
        context,
      );
      await Promise.all(after);
      return answer;
    },
    rows,
    async keys() {
      const [found] = await database.pool.query(
        'SELECT idempotency_key AS `key`, body_hash AS bodyHash FROM ai_content',
      );
      return found as { key: string; bodyHash: string }[];
    },
    async row() {
      const [row, ...more] = await rows();
      expect(more).toEqual([]);
      if (row === undefined) throw new Error('there is no row');
      return row;
    },
    clear: table.clear,
    age,
    async settle() {
      await age();
      return drain(store, options());
    },
    callbacks: () => bodiesOf(modelriver.requests.slice(calledBefore)),
    lines: () => lines,
  };
}

/** A 503 that asks the gateway to send the webhook again. */
export function expectAgainPlease(answer: Response): void {
  expect(answer.status).toBe(503);
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
}

/** The bodies of calls, as JSON. */
export function bodiesOf(requests: readonly ReceivedRequest[]): Record<string, unknown>[] {
  return requests.map(({ body }) => JSON.parse(body.toString()));
}

/** What the gateway is to be told of a row. */
export function expectedCallback(row: StoredRow): Record<string, unknown> {
  const data = { title: 'Inception', year: 2010, id: row['id'], saved_at: row['created_at'] };
  const metadata = { database: 'planetscale', table: 'ai_content', record_id: row['id'] };
  return { data, task_id: `planetscale_${row['id']}`, metadata };
}
