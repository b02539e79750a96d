import { randomUUID } from 'node:crypto';
import { afterEach } from 'vitest';
import { type GatewaySim, type GatewaySimOptions, startGatewaySim } from '../../src/dev/gateway-sim/gateway-sim.js';
import { type ReceivedRequest, type ReceiverServer, type Script, startReceiver } from '../harness/receiver-server.js';

export const SECRET = 'whsec of the gateway';
export const API_KEY = 'mr_live_key';

/** A gateway simulator that sends to a scripted receiver; both end with the test. */
export async function startPair(
  options: Partial<GatewaySimOptions> = {},
  script?: Script,
): Promise<{ sim: GatewaySim; receiver: ReceiverServer }> {
  const receiver = await startReceiver(script);
  const sim = await startGatewaySim({ secret: SECRET, apiKey: API_KEY, to: receiver.url, ...options });
  running.push(sim, receiver);
  return { sim, receiver };
}

const running: Array<{ close(): Promise<void> }> = [];

export function closeAfterEach(): void {
  afterEach(async () => {
    await Promise.all(running.splice(0).map((one) => one.close()));
  });
}

/** An event-driven webhook whose callback goes to the simulator. */
export function webhook(sim: GatewaySim, changes: Readonly<Record<string, unknown>> = {}) {
  const channelId = randomUUID();
  return {
    type: 'task.ai_generated',
    event: 'video.generated',
    channel_id: channelId,
    ai_response: { data: { title: 'Inception', year: 2010 } },
    callback_url: sim.callbackUrl(channelId),
    callback_required: true,
    customer_data: {},
    ...changes,
  };
}

export interface CallbackCall {
  readonly body?: string;
  readonly authorization?: string;
  readonly contentType?: string;
}

/** Posts a callback as a receiver does; gives status and JSON of the answer. */
export async function callBack(url: string, call: CallbackCall = {}): Promise<{ status: number; json: unknown }> {
  const { body = record('1'), authorization = `Bearer ${API_KEY}`, contentType = 'application/json' } = call;
  const answer = await fetch(url, {
    method: 'POST',
    headers: { authorization, 'content-type': contentType },
    body,
    redirect: 'manual',
  });
  return { status: answer.status, json: await answer.json() };
}

/** The body of a callback with a stored record. */
export function record(id: string): string {
  return JSON.stringify({
    data: { title: 'Inception', id },
    task_id: `planetscale_${id}`,
    metadata: { record_id: id },
  });
}

/** The callback URL in a webhook that the receiver got. */
export function callbackUrlIn(request: ReceivedRequest): string {
  const body: { callback_url: string } = JSON.parse(request.body.toString());
  return body.callback_url;
}
