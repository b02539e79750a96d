import { createHmac } from 'node:crypto';

/** Calls a subscriber as somebody would who knows its URL but not its secret. Gives the status of the answer. */
export async function sendForgedCall(url: string, algorithm: string): Promise<number> {
  const body = JSON.stringify({ video_id: 'forged', status: 'completed' });
  const signature = createHmac(algorithm, 'a guessed secret').update(body).digest('hex');
  return post(url, body, {
    'X-Webhook-Event': 'video.generated',
    'X-Webhook-Signature': `${algorithm}=${signature}`,
  });
}

/** Posts an AI webhook as somebody would who is not the gateway: without a signature. Gives the status of the answer. */
export function sendUnsignedWebhook(url: string, body: string): Promise<number> {
  return post(url, body, {});
}

async function post(url: string, body: string, headers: Readonly<Record<string, string>>): Promise<number> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
    signal: AbortSignal.timeout(10_000),
  });
  await answer.arrayBuffer();
  return answer.status;
}
