import { describe, expect, it } from 'vitest';
import { memorySeen, verifyWebhook } from '../src/index.js';
import { BODY, delivery, ofBody, SECRET, STANDARD, v1, without } from './signing.js';

const WHSEC = `whsec_${Buffer.from(SECRET).toString('base64')}`;
const refused = (code: string) => expect.objectContaining({ name: 'WebhookVerificationError', code });

describe('X-Webhook-Signature alone', () => {
  const alone = () => without(delivery(), ...STANDARD);

  it('is taken only where a request without a timestamp is', async () => {
    await expect(verifyWebhook(alone(), SECRET)).rejects.toEqual(refused('timestamp_required'));
    const sent = alone();
    expect(await verifyWebhook(sent, SECRET, { requireTimestamp: false })).toMatchObject({
      ...{ id: sent.headers['x-webhook-delivery'], timestamp: null, event: 'video.generated', body: BODY },
    });
    const nameless = without(alone(), 'x-webhook-delivery');
    expect(await verifyWebhook(nameless, SECRET, { requireTimestamp: false })).toMatchObject({ id: null });
  });

  it('is of sha256 or sha512, over the body, by a live secret', async () => {
    const by = (signature: string) => ({ body: BODY, headers: { 'X-Webhook-Signature': signature } });
    for (const signature of [ofBody(BODY), ofBody(BODY, SECRET, 'sha512')]) {
      for (const keys of [WHSEC, ['other', SECRET]]) {
        expect(await verifyWebhook(by(signature), keys, { requireTimestamp: false })).toMatchObject({ body: BODY });
      }
    }
    const right = ofBody(BODY);
    for (const signature of [
      ...['', right.slice(7), right.toUpperCase(), `${right}0`, right.slice(0, -1), `md5=${'0'.repeat(32)}`],
      ...[
        right.replace('sha256', 'sha512'),
        `sha512=${right.slice(7).repeat(2)}`,
        ofBody(`${BODY} `),
        ofBody(BODY, 'x'),
      ],
    ]) {
      const verified = verifyWebhook(by(signature), SECRET, { requireTimestamp: false });
      await expect(verified, signature).rejects.toEqual(refused('invalid_signature'));
    }
  });

  it('does not save a request whose webhook-signature is wrong', async () => {
    const sent = delivery();
    const forged = { ...sent, headers: { ...sent.headers, 'webhook-signature': v1('x', 1, '') } };
    await expect(verifyWebhook(forged, SECRET, { requireTimestamp: false })).rejects.toEqual(
      refused('invalid_signature'),
    );
  });

  it('cannot be protected against replays, and says so', async () => {
    const options = { requireTimestamp: false, seen: memorySeen() } as const;
    await expect(verifyWebhook(alone(), SECRET, options)).rejects.toThrow(TypeError);
  });
});
