import { createHmac } from 'node:crypto';
import express from 'express';
import { serveOnLoopback } from './loopback-server.js';

/** A callback that the gateway got and accepted. */
export interface ReceivedCallback {
  readonly channelId: string;
  /** `data.id`: the id of the record that Hookline stored. */
  readonly recordId: string;
  readonly taskId: string;
}

export interface GatewayStandIn {
  readonly origin: string;
  readonly callbacks: readonly ReceivedCallback[];
  /** Sends a webhook as the AI gateway does; `secret` signs it, undefined leaves the signature out. Gives the answer's status and body. */
  sendWebhook(url: string, body: string, secret: string | undefined): Promise<{ status: number; text: string }>;
  close(): Promise<void>;
}

/** Stands in for the AI gateway: sends its webhooks over HTTP, and takes the callbacks that come with its API key. */
export async function startGatewayStandIn(options: {
  readonly apiKey: string;
  readonly onCallback: (callback: ReceivedCallback) => void;
}): Promise<GatewayStandIn> {
  const callbacks: ReceivedCallback[] = [];
  const app = express();
  app.use(express.json());
  app.post('/v1/callback/:channelId', (req, res) => {
    if (req.get('Authorization') !== `Bearer ${options.apiKey}`) {
      res.status(401).json({ error: 'unauthorized' });
      return;
    }
    const body: { data?: { id?: unknown }; task_id?: unknown } = req.body;
    const { channelId } = req.params;
    const callback = { channelId, recordId: String(body.data?.id), taskId: String(body.task_id) };
    callbacks.push(callback);
    options.onCallback(callback);
    res.json({ ok: true });
  });

  const server = await serveOnLoopback(app);
  return { origin: server.origin, callbacks, sendWebhook, close: server.close };
}

async function sendWebhook(
  url: string,
  body: string,
  secret: string | undefined,
): Promise<{ status: number; text: string }> {
  const signature =
    secret === undefined ? {} : { 'mr-signature': createHmac('sha256', secret).update(body).digest('hex') };
  const answer = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'mr-timestamp': String(Math.floor(Date.now() / 1000)),
      ...signature,
    },
    body,
    signal: AbortSignal.timeout(30_000),
  });
  return { status: answer.status, text: await answer.text() };
}
