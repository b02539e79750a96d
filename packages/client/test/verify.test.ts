import { describe, expect, it } from 'vitest';
import { verifyWebhook, WebhookVerificationError } from '../src/index.js';
import { BODY, delivery, SECRET, type Signed, v1, without } from './signing.js';

const WHSEC = `whsec_${Buffer.from(SECRET).toString('base64')}`;
const refused = (code: string) => expect.objectContaining({ name: 'WebhookVerificationError', code });
const asRequest = ({ headers, body }: Signed): Request =>
  new Request('http://subscriber.test/', { method: 'POST', headers, body });

describe('verifyWebhook', () => {
  it('takes the vector of Standard Webhooks', async () => {
    const headers = {
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    };
    const vector = { headers, body: '{"test": 2432232314}' };
    const now = () => 1_614_265_330_000;
    expect(await verifyWebhook(vector, 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', { now })).toEqual({
      ...{ id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', timestamp: new Date(now()) },
      ...{ deliveryId: null, attempt: null, webhookId: null, event: '' },
      ...{ payload: { test: 2432232314 }, body: '{"test": 2432232314}' },
    });
    await expect(verifyWebhook(vector, 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', { now })).rejects.toEqual(
      refused('invalid_signature'),
    );
  });

  it('gives what a delivery holds, from a Request, from Node’s headers and from any case of them', async () => {
    const sent = delivery();
    const capitals = Object.fromEntries(
      Object.entries(sent.headers).map(([name, value]) => [name.toUpperCase(), value]),
    );
    const lists = Object.fromEntries(Object.entries(sent.headers).map(([name, value]) => [name, [value]]));
    for (const request of [
      asRequest(sent),
      sent,
      { headers: capitals, body: Buffer.from(BODY) },
      { headers: lists, body: new TextEncoder().encode(BODY).buffer },
      { headers: new Headers(sent.headers), body: BODY },
    ]) {
      expect(await verifyWebhook(request, SECRET)).toEqual({
        id: sent.headers['webhook-id'],
        timestamp: new Date(Number(sent.headers['webhook-timestamp']) * 1000),
        deliveryId: sent.headers['x-webhook-delivery'],
        attempt: 2,
        webhookId: sent.headers['x-webhook-id'],
        event: 'video.generated',
        payload: JSON.parse(BODY),
        body: BODY,
      });
    }
  });

  it('takes a secret as text or as whsec_, alone or among several, and no other', async () => {
    for (const keys of [SECRET, WHSEC, ['other', WHSEC], [SECRET, 'other']]) {
      expect(await verifyWebhook(delivery(), keys)).toMatchObject({ event: 'video.generated' });
    }
    for (const keys of ['other', ['other', SECRET.toUpperCase()], SECRET.slice(1)]) {
      await expect(verifyWebhook(delivery(), keys)).rejects.toEqual(refused('invalid_signature'));
    }
  });

  it('takes any of several signatures, passing over what it does not know', async () => {
    const sent = delivery();
    const right = sent.headers['webhook-signature'] ?? '';
    const wrong = v1('x', 1, '', 'old');
    for (const signatures of [`${wrong} ${right}`, `${right} ${wrong}`, `v2,abc v1 v1,? v1a,AAAA ${right}`]) {
      const request = { ...sent, headers: { ...sent.headers, 'webhook-signature': signatures } };
      expect(await verifyWebhook(request, SECRET)).toMatchObject({ body: BODY });
    }
    for (const signatures of [
      '',
      wrong,
      right.slice(3),
      right.replace('v1,', 'v1a,'),
      right.replace('=', ''),
      `${right}=`,
    ]) {
      const request = { ...sent, headers: { ...sent.headers, 'webhook-signature': signatures } };
      await expect(verifyWebhook(request, SECRET), signatures).rejects.toEqual(refused('invalid_signature'));
    }
  });

  it('tries sixteen signatures and no more', async () => {
    const sent = delivery();
    const wrong = `${v1('x', 1, '', 'old')} `;
    const among = (count: number) => ({
      ...sent,
      headers: { ...sent.headers, 'webhook-signature': wrong.repeat(count) + sent.headers['webhook-signature'] },
    });
    expect(await verifyWebhook(among(15), SECRET)).toMatchObject({ body: BODY });
    await expect(verifyWebhook(among(16), SECRET)).rejects.toEqual(refused('invalid_signature'));
  });

  it('takes timestamps up to the tolerance to either side of now', async () => {
    const now = () => 1_800_000_000_000;
    for (const [away, options, code] of [
      [-300, {}, null],
      [300, {}, null],
      [-301, {}, 'timestamp_too_old'],
      [301, {}, 'timestamp_too_new'],
      [-301, { toleranceSeconds: 301 }, null],
      [-11, { toleranceSeconds: 10 }, 'timestamp_too_old'],
      [0, { toleranceSeconds: Number.NaN }, 'timestamp_too_old'],
    ] as const) {
      const sent = delivery(BODY, { at: now() + away * 1000 });
      const verified = verifyWebhook(sent, SECRET, { now, ...options });
      if (code === null) expect((await verified).timestamp).toEqual(new Date(now() + away * 1000));
      else await expect(verified).rejects.toEqual(refused(code));
    }
  });

  it.each(['', '-1', '1e9', '1.5', ' 1', '0x10', 'now', '9'.repeat(13)])(
    'refuses the timestamp %j',
    async (timestamp) => {
      const id = 'msg_1';
      const headers = {
        'webhook-id': id,
        'webhook-timestamp': timestamp,
        'webhook-signature': v1(id, timestamp, BODY),
      };
      await expect(verifyWebhook({ headers, body: BODY }, SECRET)).rejects.toEqual(refused('invalid_timestamp'));
    },
  );

  it('binds id, timestamp and body into the signature, and lets no dot move between them', async () => {
    const sent = delivery();
    const id = sent.headers['webhook-id'] ?? '';
    const now = Math.floor(Date.now() / 1000);
    for (const change of [{ 'webhook-id': 'other' }, { 'webhook-timestamp': String(now - 1) }]) {
      const request = { ...sent, headers: { ...sent.headers, ...change } };
      await expect(verifyWebhook(request, SECRET)).rejects.toEqual(refused('invalid_signature'));
    }
    await expect(verifyWebhook({ ...sent, body: `${BODY} ` }, SECRET)).rejects.toEqual(refused('invalid_signature'));
    const moved = {
      body: '5',
      headers: {
        'webhook-id': `${id}.1`,
        'webhook-timestamp': String(now),
        'webhook-signature': v1(id, 1, `${now}.5`),
      },
    };
    await expect(verifyWebhook(moved, SECRET)).rejects.toEqual(refused('invalid_signature'));
  });

  it.each([
    ['nothing', []],
    ['an id alone', ['webhook-timestamp', 'x-webhook-signature']],
    ['no id', ['webhook-id']],
    ['no timestamp', ['webhook-timestamp']],
  ])('says which headers are missing: %s', async (_, names) => {
    const request = names.length === 0 ? { headers: {}, body: BODY } : without(delivery(), ...names);
    await expect(verifyWebhook(request, SECRET)).rejects.toEqual(refused('missing_headers'));
  });

  it('throws when there is no key, before anything else', async () => {
    const unset = process.env['NO_SUCH_VARIABLE'] as string;
    for (const keys of ['', [], [''], ['whsec_'], [SECRET, ''], unset, [unset], 'whsec_?', 'whpk_AAAA', { keys: [] }]) {
      await expect(verifyWebhook({ headers: {}, body: '' }, keys), JSON.stringify(keys)).rejects.toThrow(TypeError);
    }
  });

  it('narrows by the event type', async () => {
    interface Events {
      'video.generated': { video_id: string };
      'credit.consumed': { credits: number };
    }
    const webhook = await verifyWebhook<Events>(delivery(), SECRET);
    const told = webhook.event === 'video.generated' ? webhook.payload.video_id : webhook.payload.credits;
    expect(told).toBe('v1');
  });
});

describe('WebhookVerificationError', () => {
  it('has a status to answer with, and holds nothing secret', async () => {
    const error: unknown = await verifyWebhook(delivery(), 'other-secret').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(WebhookVerificationError);
    expect(error).toMatchObject({ code: 'invalid_signature', status: 401 });
    expect(String(error)).not.toContain('other-secret');
  });
});
