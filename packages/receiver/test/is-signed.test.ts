import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isSigned } from '../src/verify.js';

const BODY = new TextEncoder().encode('{"type":"task.ai_generated"}');
const hmac = (content: string, secret = 'new'): string => createHmac('sha256', secret).update(content).digest('hex');
const text = new TextDecoder().decode(BODY);
const now = (): number => Math.floor(Date.now() / 1000);
const signed = (headers: Record<string, string>, secrets = ['new', 'old']): Promise<boolean> =>
  isSigned(new Headers(headers), BODY, { secrets, legacyMaxAgeS: 300 });
const older = (timestamp: string, signature = hmac(`${timestamp}.${text}`)): Record<string, string> => ({
  'X-ModelRiver-Signature': signature,
  'X-ModelRiver-Timestamp': timestamp,
});

describe('isSigned', () => {
  it('takes each of several secrets, and no other', async () => {
    expect(await signed({ 'mr-signature': hmac(text, 'new') })).toBe(true);
    expect(await signed({ 'mr-signature': hmac(text, 'old') })).toBe(true);
    expect(await signed({ 'mr-signature': hmac(text, 'older') })).toBe(false);
    expect(await signed({ 'mr-signature': hmac(text, 'old') }, ['new'])).toBe(false);
  });

  it('takes the older scheme, in seconds and in milliseconds, under each secret', async () => {
    expect(await signed(older(String(now())))).toBe(true);
    expect(await signed(older(String(Date.now())))).toBe(true);
    const timestamp = String(now());
    expect(await signed(older(timestamp, hmac(`${timestamp}.${text}`, 'old')))).toBe(true);
  });

  it('takes the older scheme five minutes to either side of now, no further', async () => {
    for (const [away, expected] of [
      [-290, true],
      [290, true],
      [-310, false],
      [310, false],
    ] as const) {
      expect(await signed(older(String(now() + away)))).toBe(expected);
    }
  });

  it('binds the timestamp of the older scheme into its signature', async () => {
    const timestamp = String(now());
    expect(await signed(older(timestamp, hmac(`${now() - 1}.${text}`)))).toBe(false);
    expect(await signed(older(timestamp, hmac(text)))).toBe(false);
    expect(await signed({ 'mr-signature': hmac(`${timestamp}.${text}`) })).toBe(false);
  });

  it.each(['', '-1', '1e9', ' 1', '0x10', 'now', '99999999999999999'])(
    'refuses the timestamp %j',
    async (timestamp) => {
      expect(await signed(older(timestamp))).toBe(false);
    },
  );

  it('refuses a timestamp with anything beside its digits, however it is signed', async () => {
    for (const timestamp of [`x${now()}`, `${now()}x`, `${now()}.0`])
      expect(await signed(older(timestamp))).toBe(false);
  });

  it('needs both headers of the older scheme, and lets a wrong mr-signature win over a right older one', async () => {
    const { 'X-ModelRiver-Signature': signature = '', 'X-ModelRiver-Timestamp': timestamp = '' } = older(String(now()));
    expect(await signed({ 'X-ModelRiver-Signature': signature })).toBe(false);
    expect(await signed({ 'X-ModelRiver-Timestamp': timestamp })).toBe(false);
    expect(await signed({ ...older(String(now())), 'mr-signature': hmac('other') })).toBe(false);
  });
});
