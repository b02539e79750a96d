import { createHmac } from 'node:crypto';

/** Calls a subscriber as somebody would who knows its URL but not its secret. Gives the status of the answer. */
export async function sendForgedCall(url: string, algorithm: string): Promise<number> {
  const body = JSON.stringify({ video_id: 'forged', status: 'completed' });
  const signature = createHmac(algorithm, 'a guessed secret').update(body).digest('hex');
  const answer = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'X-Webhook-Event': 'video.generated',
      'X-Webhook-Signature': `${algorithm}=${signature}`,
    },
    body,
    signal: AbortSignal.timeout(10_000),
  });
  await answer.arrayBuffer();
  return answer.status;
}
