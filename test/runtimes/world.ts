import type { RowDataPacket } from 'mysql2/promise';
import { startPlanetscaleGateway } from '../../src/dev/planetscale-gateway/gateway.js';
import { newMariadbDatabase } from '../harness/mariadb-databases.js';
import { type Answer, type ReceivedRequest, startReceiver } from '../harness/receiver-server.js';
import { callbackPath, SECRET } from './webhooks.js';

export const API_KEY = 'key-of-the-runtimes';
export const SERVICE_KEY = 'service-key-of-the-runtimes';
export const EVENT_ID = '0b0f5f0e-3f0a-4e0c-9b5d-2f6f0c7a9e11';

/** A row as the tests look at it; ids and counts as text. */
export interface Row extends RowDataPacket {
  readonly id: string;
  readonly title: string;
  readonly body: string;
  readonly category: string;
  readonly metadata: string;
  readonly event_name: string;
  readonly saved_at: string;
  readonly repeats: string;
  readonly callback_state: string;
  readonly callback_attempts: string;
  readonly callback_error: string | null;
  readonly event_state: string;
  readonly event_id: string | null;
}

/** What stands around a receiver: PlanetScale, the AI gateway's callbacks, and a Hookline server. */
export interface World {
  /** The variables that a receiver reads. */
  readonly env: Readonly<Record<string, string>>;
  readonly callbackOrigin: string;
  /** How the callbacks of a channel are answered from now on, in order, the last one again and again; 200 until then. */
  answerCallbacks(channelId: string, answers: readonly Answer[]): void;
  callbacksOf(channelId: string): ReceivedRequest[];
  /** The events that the Hookline server was told of for a user. */
  eventsOf(userId: string): ReceivedRequest[];
  requestsTo(path: string): ReceivedRequest[];
  rowsOf(channelId: string): Promise<Row[]>;
  /** Makes a callback that waits for its next time due now. */
  makeDue(channelId: string): Promise<void>;
  /** The next insert is answered as a proxy before PlanetScale does while that is away. */
  failNextInsert(): void;
  /** Breaks off callbacks that hang, and takes none any more. */
  closeCallbacks(): Promise<void>;
  close(): Promise<void>;
}

const ROWS = `SELECT CAST(id AS CHAR) AS id, title, body, category, CAST(metadata AS CHAR) AS metadata, event_name,
  DATE_FORMAT(created_at, '%Y-%m-%dT%H:%i:%s.000Z') AS saved_at, CAST(repeats AS CHAR) AS repeats,
  callback_state, CAST(callback_attempts AS CHAR) AS callback_attempts, callback_error, event_state, event_id
FROM ai_content WHERE channel_id = ? ORDER BY id`;
const MAKE_DUE = `UPDATE ai_content SET callback_next_at = UTC_TIMESTAMP(3) WHERE channel_id = ? AND callback_state = 'pending'`;
const EVENTS = '/v1/events';

/** Starts it, with a database of its own. The caller closes it. */
export async function startWorld(): Promise<World> {
  const database = await newMariadbDatabase();
  const gateway = await startPlanetscaleGateway({ mysql: database.url, user: 'runtimes', password: 'pw' });
  const scripts = new Map<string, { answers: readonly Answer[]; next: number }>();
  const other = await startReceiver(({ url }) => {
    if (url === EVENTS) return { status: 202, body: JSON.stringify({ event_id: EVENT_ID }) };
    const script = scripts.get(url);
    if (script === undefined) return {};
    return script.answers[Math.min(script.next++, script.answers.length - 1)] ?? {};
  });
  const { origin } = new URL(other.url);
  const requestsTo = (path: string) => other.requests.filter(({ url }) => url === path);

  return {
    env: {
      DATABASE_URL: gateway.url,
      MODELRIVER_WEBHOOK_SECRET: SECRET,
      MODELRIVER_API_KEY: API_KEY,
      HOOKLINE_CALLBACK_ORIGINS: origin,
      HOOKLINE_URL: origin,
      HOOKLINE_SERVICE_KEY: SERVICE_KEY,
    },
    callbackOrigin: origin,
    answerCallbacks: (channelId, answers) => void scripts.set(callbackPath(channelId), { answers, next: 0 }),
    callbacksOf: (channelId) => requestsTo(callbackPath(channelId)),
    eventsOf: (userId) => requestsTo(EVENTS).filter(({ body }) => body.includes(`"${userId}"`)),
    requestsTo,
    async rowsOf(channelId) {
      return (await database.pool.query<Row[]>(ROWS, [channelId]))[0];
    },
    async makeDue(channelId) {
      await database.pool.query(MAKE_DUE, [channelId]);
    },
    failNextInsert: () => void gateway.faults.add({ kind: 'html', status: 502, match: /^\s*INSERT/i }),
    closeCallbacks: () => other.close(),
    async close() {
      await other.close();
      await gateway.close();
      await database.drop();
    },
  };
}
