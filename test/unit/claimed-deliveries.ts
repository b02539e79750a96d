import type { Claimed } from '../../src/deliver/stages.js';

let made = 0;

/** Of a webhook with a user of its own, unless one is named. */
export function delivery(webhookId: string, userId = `user of ${webhookId}`): Claimed {
  made += 1;
  return {
    deliveryId: `delivery-${made}`,
    webhookId,
    userId,
    position: made,
    leaseId: `lease-${made}`,
    leaseUntil: Number.POSITIVE_INFINITY,
    messageId: `message-${made}`,
    eventType: 'video.generated',
    url: 'https://receiver.example.com',
    isStoredUrl: true,
    secrets: ['secret'],
    algorithm: 'sha256',
    timeoutMs: 1_000,
    isOrdered: false,
    attempt: 1,
    payload: { text: '{}' },
  };
}

export const deliveries = (webhookId: string, count: number, userId?: string): Claimed[] =>
  Array.from({ length: count }, () => delivery(webhookId, userId));
