import { createHmac } from 'node:crypto';
import pg from 'pg';
import { Agent, request } from 'undici';
import { IN_FLIGHT } from './contender.js';

/** How a peer's worker calls. */
export type Caller = 'fetch' | 'undici';

export interface PeerSettings {
  readonly url: string;
  readonly redis: string | undefined;
  readonly caller: Caller;
}

interface Found {
  readonly payload: unknown;
  readonly url: string;
  readonly secret: string;
  readonly eventType: string;
}

interface Answer {
  readonly status: number;
  readonly headers: Record<string, unknown>;
  readonly body: string;
}

const SELECT = `SELECT d.request_payload AS payload, w.url, w.secret, d.event_type AS "eventType"
FROM usual_deliveries d JOIN webhooks w ON w.id = d.webhook_id WHERE d.id = $1`;
const UPDATE = `UPDATE usual_deliveries SET status = $2, attempt_number = attempt_number + 1, request_headers = $3, request_signature = $4,
  response_status = $5, response_headers = $6, response_body = $7, response_time_ms = $8, delivered_at = now() WHERE id = $1`;

/** A job's work as an application usually writes it: one SELECT, a signed call, one UPDATE. */
export function usualDelivery({ url, caller }: PeerSettings): (id: string) => Promise<void> {
  const pool = new pg.Pool({ connectionString: url });
  const call = caller === 'fetch' ? byFetch : byUndici(new Agent({ connections: IN_FLIGHT }));
  return async (id) => {
    const { rows } = await pool.query<Found>(SELECT, [id]);
    const found = rows[0];
    if (found === undefined) throw new Error(`no delivery ${id}`);
    const body = JSON.stringify(found.payload);
    const signature = `sha256=${createHmac('sha256', found.secret).update(body).digest('hex')}`;
    const headers = {
      'content-type': 'application/json',
      'x-webhook-event': found.eventType,
      'x-webhook-signature': signature,
    };
    const began = performance.now();
    const answer = await call(found.url, headers, body);
    const ms = Math.round(performance.now() - began);
    const status = answer.status >= 200 && answer.status < 300 ? 'success' : 'failed';
    await pool.query(UPDATE, [id, status, headers, signature, answer.status, answer.headers, answer.body, ms]);
  };
}

async function byFetch(url: string, headers: Record<string, string>, body: string): Promise<Answer> {
  const response = await fetch(url, { method: 'POST', headers, body });
  return { status: response.status, headers: Object.fromEntries(response.headers), body: await response.text() };
}

function byUndici(dispatcher: Agent): typeof byFetch {
  return async (url, headers, body) => {
    const response = await request(url, { method: 'POST', headers, body, dispatcher });
    return { status: response.statusCode, headers: response.headers, body: await response.body.text() };
  };
}
