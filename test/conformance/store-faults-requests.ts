import { createHmac } from 'node:crypto';

export const SECRET = 'mr-webhook-secret';

export const sign = (body: string | Uint8Array): string => createHmac('sha256', SECRET).update(body).digest('hex');

export function requestOf(body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string>): Request {
  return new Request('http://localhost/api/webhooks/modelriver', { method: 'POST', body, headers });
}
