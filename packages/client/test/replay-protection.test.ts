import { describe, expect, it } from 'vitest';
import { memorySeen, verifyWebhook } from '../src/index.js';
import { BODY, delivery, SECRET, v1 } from './signing.js';

const alreadySeen = expect.objectContaining({ code: 'already_seen', status: 409 });

describe('replay protection', () => {
  it('refuses a request that comes again, and takes a retry of the same delivery', async () => {
    const options = { seen: memorySeen() };
    const sent = delivery();
    const id = sent.headers['webhook-id'] ?? '';
    expect(await verifyWebhook(sent, SECRET, options)).toMatchObject({ id });
    await expect(verifyWebhook(sent, SECRET, options)).rejects.toEqual(alreadySeen);
    const renamed = { ...sent, headers: { ...sent.headers, 'x-webhook-delivery': 'other', 'x-webhook-attempt': '9' } };
    await expect(verifyWebhook(renamed, SECRET, options)).rejects.toEqual(alreadySeen);

    const later = String(Number(sent.headers['webhook-timestamp']) + 1);
    const again = { 'webhook-timestamp': later, 'webhook-signature': v1(id, later, BODY) };
    expect(await verifyWebhook({ ...sent, headers: { ...sent.headers, ...again } }, SECRET, options)).toMatchObject({
      id,
    });
  });

  it('takes one of many that come at once', async () => {
    const options = { seen: memorySeen() };
    const sent = delivery();
    const results = await Promise.allSettled(Array.from({ length: 50 }, () => verifyWebhook(sent, SECRET, options)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('remembers nothing of what is forged', async () => {
    const options = { seen: memorySeen() };
    const sent = delivery();
    await expect(verifyWebhook({ ...sent, body: '{}' }, SECRET, options)).rejects.toMatchObject({
      code: 'invalid_signature',
    });
    expect(await verifyWebhook(sent, SECRET, options)).toMatchObject({ body: BODY });
  });

  it('is remembered for as long as the timestamp would pass', async () => {
    const now = () => 1_800_000_000_000;
    const ttls: number[] = [];
    const seen = { add: async (_: string, ttl: number) => ttls.push(ttl) > 0 };
    for (const away of [-300, 0, 300]) {
      await verifyWebhook(delivery(BODY, { at: now() + away * 1000 }), SECRET, { now, seen });
    }
    expect(ttls).toEqual([1, 301, 601]);
  });
});

describe('memorySeen', () => {
  it('keeps at most so many, the newest', () => {
    const seen = memorySeen({ max: 3 });
    for (const key of ['a', 'b', 'c', 'd']) expect(seen.add(key, 60)).toBe(true);
    for (const key of ['d', 'c', 'b']) expect(seen.add(key, 60)).toBe(false);
    expect(seen.add('a', 60)).toBe(true);
  });

  it('forgets what is over', () => {
    const seen = memorySeen();
    expect(seen.add('a', 0)).toBe(true);
    expect(seen.add('a', 60)).toBe(true);
    expect(seen.add('a', 60)).toBe(false);
  });
});
