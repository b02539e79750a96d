import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type VerificationKeys, type VerifyOptions, verifyWebhook, WebhookVerificationError } from '../src/index.js';
import { BODY, delivery, newKeyPair, ofBody, SECRET, type Signed, without } from './signing.js';

const sent = delivery();
const replaced = ({ headers, body }: Signed, changed: Record<string, string>): Signed => ({
  body,
  headers: { ...headers, ...changed },
});
const signedAlone = without(sent, 'webhook-id', 'webhook-timestamp', 'webhook-signature');
const anyTime: VerifyOptions = { requireTimestamp: false };

function streamOf(pull: (controller: ReadableStreamDefaultController<Uint8Array>) => void): object {
  return { method: 'POST', body: new ReadableStream({ pull }), duplex: 'half' };
}

async function refusal(request: Request | Signed, keys: VerificationKeys = SECRET, options: VerifyOptions = {}) {
  const error: unknown = await verifyWebhook(request, keys, options).catch((reason: unknown) => reason);
  if (!(error instanceof WebhookVerificationError)) throw error;
  expect(error.message).not.toContain(SECRET);
  return error;
}

describe('a refusal says what to mend', () => {
  const id = { 'webhook-id': 'has.dot' };
  const old = { 'webhook-timestamp': 'yesterday' };
  it.each<[string, Signed, VerificationKeys, VerifyOptions, string, RegExp]>([
    ['nothing', { headers: {}, body: BODY }, SECRET, {}, 'missing_headers', /no webhook-signature and no X-Webhook/],
    ['no timestamp', without(sent, 'webhook-timestamp'), SECRET, {}, 'missing_headers', /webhook-timestamp are needed/],
    ['the body signed alone', signedAlone, SECRET, {}, 'timestamp_required', /requireTimestamp: false/],
    ['an id with a dot', replaced(sent, id), SECRET, {}, 'invalid_signature', /webhook-id/],
    ['a time in words', replaced(sent, old), SECRET, {}, 'invalid_timestamp', /whole seconds/],
    [
      'an old one',
      delivery(BODY, { at: 0 }),
      SECRET,
      { now: () => 400_000 },
      'timestamp_too_old',
      /is 400 s old, more than 300/,
    ],
    ['one ahead', delivery(BODY, { at: 400_000 }), SECRET, { now: () => 0 }, 'timestamp_too_new', /is 400 s ahead/],
    ['only v2', replaced(sent, { 'webhook-signature': 'v2,AAAA' }), SECRET, {}, 'invalid_signature', /of v1 or v1a/],
    ['another secret', sent, 'another', {}, 'invalid_signature', /None of the given keys.*byte for byte/],
    ['only a public key', sent, newKeyPair().whpk, {}, 'invalid_signature', /Turn on asymmetric signatures/],
    ['too much', sent, SECRET, { maxBodyBytes: 10 }, 'body_too_large', /more than 10 bytes.*maxBodyBytes/],
    ['text', delivery('text'), SECRET, {}, 'invalid_json', /no JSON/],
    ['no body', delivery(''), SECRET, {}, 'invalid_json', /no JSON/],
    ...['md5=ab', `x${ofBody(BODY)}`, `${ofBody(BODY)}0`].map(
      (signature): [string, Signed, VerificationKeys, VerifyOptions, string, RegExp] => {
        const request = replaced(signedAlone, { 'x-webhook-signature': signature });
        return [signature.slice(0, 9), request, SECRET, anyTime, 'invalid_signature', /lower-case hexadecimal/];
      },
    ),
  ])('%s', async (_, request, keys, options, code, message) => {
    const error = await refusal(request, keys, options);
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it('a request that was taken before, and options that cannot be', async () => {
    const error = await refusal(sent, SECRET, { seen: { add: () => false } });
    expect(error).toMatchObject({ code: 'already_seen', message: expect.stringMatching(/taken before/) });
    await expect(verifyWebhook(sent, SECRET, { ...anyTime, seen: { add: () => true } })).rejects.toThrow(
      /seen needs the timestamp/,
    );
  });

  it('a body that was read before, that breaks off, or that is no JSON, with the cause', async () => {
    const request = new Request('http://a.example/', { method: 'POST', ...sent });
    await request.text();
    expect(await refusal(request)).toMatchObject({
      code: 'body_already_read',
      message: expect.stringMatching(/Verify first/),
    });
    const cause = new Error('gone');
    const broken = new Request('http://a.example/', {
      ...streamOf((body) => body.error(cause)),
      headers: sent.headers,
    });
    const error = await refusal(broken);
    expect(error).toMatchObject({ code: 'body_broken', message: expect.stringMatching(/broke off/), cause });
    expect((await refusal(delivery('text'))).cause).toBeInstanceOf(SyntaxError);
  });
});

describe('a body', () => {
  it('may be as large as the limit, and is not read where its length says that it is larger', async () => {
    const maxBodyBytes = Buffer.byteLength(BODY);
    const init = { method: 'POST', body: BODY, headers: { ...sent.headers, 'content-length': String(maxBodyBytes) } };
    expect(await verifyWebhook(sent, SECRET, { maxBodyBytes })).toMatchObject({ body: BODY });
    expect(await verifyWebhook(new Request('http://a.example/', init), SECRET, { maxBodyBytes })).toMatchObject({
      body: BODY,
    });
    let pulled = 0;
    const endless = streamOf((body) => {
      pulled += 1;
      body.enqueue(new Uint8Array(1));
    });
    const announced = { ...endless, headers: { ...sent.headers, 'content-length': '1000001' } };
    const error = await refusal(new Request('http://a.example/', announced), SECRET, { maxBodyBytes: 1_000_000 });
    expect(error.code).toBe('body_too_large');
    expect(pulled).toBeLessThan(10);
  });

  it('without a length is read to the limit and no further', async () => {
    let pulled = 0;
    const endless = streamOf((body) => {
      pulled += 1;
      body.enqueue(new Uint8Array(100));
    });
    const request = new Request('http://a.example/', { ...endless, headers: sent.headers });
    expect((await refusal(request, SECRET, { maxBodyBytes: 1_000 })).code).toBe('body_too_large');
    expect(pulled).toBeLessThan(20);
  });

  it('is UTF-8 without a mark before it, as JSON is, however it is signed', async () => {
    for (const bytes of [Buffer.from('"\xff"', 'latin1'), Buffer.from('\ufeff{}')]) {
      const signature = `sha256=${createHmac('sha256', SECRET).update(bytes).digest('hex')}`;
      const request = { headers: { 'x-webhook-signature': signature }, body: bytes };
      await expect(verifyWebhook(request, SECRET, anyTime), bytes.toString('hex')).rejects.toMatchObject({
        code: 'invalid_json',
      });
    }
  });

  it('may be absent: then it is no JSON', async () => {
    const request = new Request('http://a.example/', { method: 'POST', headers: delivery('').headers });
    expect((await refusal(request)).code).toBe('invalid_json');
  });
});

describe('what the headers tell', () => {
  const tells = (headers: Signed['headers'], body = BODY) =>
    verifyWebhook(replaced(without(delivery(body), ...Object.keys(headers)), headers), SECRET);

  it('is the number of the attempt, where it is one', async () => {
    for (const [text, attempt] of Object.entries({
      12: 12,
      '007': 7,
      x1: null,
      '1x': null,
      '-1': null,
      1234567890: null,
    })) {
      expect((await tells({ 'x-webhook-attempt': text })).attempt, text).toBe(attempt);
    }
    expect((await verifyWebhook(without(sent, 'x-webhook-attempt'), SECRET)).attempt).toBeNull();
  });

  it('is the event, decoded where Hookline has encoded it, and as it stands where not', async () => {
    for (const [name, event] of Object.entries({
      'video.generated': 'video.generated',
      'vid%C3%A9o': 'vidéo',
      '%C3%A9': 'é',
      'a%20b': 'a b',
      '%41': '%41',
      'a%25b': 'a%25b',
      '%D0%B0%20b': 'а b',
      'caf%c3%a9': 'caf%c3%a9',
      '100%': '100%',
    })) {
      expect((await tells({ 'x-webhook-event': name })).event, name).toBe(event);
    }
  });

  it("is the payload's type where there is no event", async () => {
    for (const [body, event] of Object.entries({
      '{"type":"a.b"}': 'a.b',
      '{"type":5}': '',
      '{}': '',
      null: '',
      5: '',
      '"type"': '',
    })) {
      expect((await verifyWebhook(without(delivery(body), 'x-webhook-event'), SECRET)).event, body).toBe(event);
    }
  });

  it('comes from records as Node has them too: several values, and none', async () => {
    const headers = {
      ...sent.headers,
      'X-Webhook-Event': ['a', 'b'],
      'x-webhook-event': undefined,
      'x-webhook-attempt': undefined,
    };
    const webhook = await verifyWebhook({ headers, body: BODY }, SECRET);
    expect(webhook).toMatchObject({ event: 'a, b', attempt: null });
  });
});
