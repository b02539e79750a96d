import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { memorySeen, type VerifiedWebhook, type WebhookVerificationError } from '../src/index.js';
import { BODY, delivery, type Signed, v1, without } from './signing.js';

export interface Events {
  'video.generated': { readonly video_id: string };
  'two.secrets': { readonly video_id: string };
}

/** What the routes under test share: where they put what they got, and what they do then. */
export interface Subscriber {
  readonly handled: VerifiedWebhook<Events>[];
  readonly refused: WebhookVerificationError[];
  readonly options: {
    onRefused: (error: WebhookVerificationError) => void;
    maxBodyBytes: number;
    seen: ReturnType<typeof memorySeen>;
  };
  /** Keeps the webhook; throws for `{"video_id":"fail"}`. */
  handle(webhook: VerifiedWebhook<Events>): void;
}

export interface Adapter {
  readonly name: string;
  /** The payload of its deliveries. Default BODY, with a number that no double holds. */
  readonly body?: string;
  /** Serves three routes: `/hook` answers nothing itself, `/answer` 202 with `{"queued":"<id>"}`, `/parsed` stands behind the framework's own JSON parser or has it read before. */
  serve(subscriber: Subscriber): Promise<{ readonly url: string; close(): Promise<unknown> }>;
}

/** Serves a listener of Node's on a free loopback port. */
export async function listen(listener: RequestListener): Promise<{ url: string; close(): Promise<unknown> }> {
  const server = createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}

/** What every adapter has to do, over HTTP. */
export function describeAdapter({ name, serve, body: given = BODY }: Adapter): void {
  describe(name, () => {
    const handled: VerifiedWebhook<Events>[] = [];
    const refused: WebhookVerificationError[] = [];
    let served: Awaited<ReturnType<Adapter['serve']>>;
    beforeAll(async () => {
      const handle = (webhook: VerifiedWebhook<Events>) => {
        handled.push(webhook);
        if (webhook.payload.video_id === 'fail') throw new Error('the handler failed');
      };
      const onRefused = (error: WebhookVerificationError) => void refused.push(error);
      served = await serve({
        handled,
        refused,
        handle,
        options: { onRefused, maxBodyBytes: 10_000, seen: memorySeen() },
      });
    });
    afterAll(() => served.close());
    afterEach(() => {
      handled.length = 0;
      refused.length = 0;
    });

    const post = async ({ headers, body }: Signed, path = '/hook') => {
      const response = await fetch(`${served.url}${path}`, { method: 'POST', headers, body });
      const text = await response.text();
      return { status: response.status, type: response.headers.get('content-type'), text };
    };

    it('hands a delivery to the handler, and answers 204 when that does not', async () => {
      const sent = delivery(given);
      expect(await post(sent)).toMatchObject({ status: 204, text: '' });
      expect(handled).toMatchObject([
        { id: sent.headers['webhook-id'], event: 'video.generated', attempt: 2, body: given },
      ]);
      expect(handled[0]?.payload.video_id).toBe('v1');
    });

    it('answers what the handler answers', async () => {
      const sent = delivery(given);
      const { status, text } = await post(sent, '/answer');
      expect([status, JSON.parse(text)]).toEqual([202, { queued: sent.headers['webhook-id'] }]);
    });

    it('takes a body that was read and parsed before', async () => {
      const body = '{"video_id":"v1","title":"Ünïcödé 🎬","tags":[1,2.5,null,true]}';
      expect(await post(delivery(body), '/parsed')).toMatchObject({ status: 204 });
      expect(handled).toMatchObject([{ body }]);
    });

    it('looks up the secret by the request', async () => {
      const sent = delivery(given, { key: 'another' });
      expect(await post({ ...sent, headers: { ...sent.headers, 'x-webhook-id': 'of-another' } })).toMatchObject({
        status: 204,
      });
      expect(await post(delivery(given, { key: 'another' }))).toMatchObject({ status: 401 });
      expect(handled).toHaveLength(1);
    });

    it.each(['/hook', '/parsed'])('refuses what is not signed, with a problem document: %s', async (path) => {
      const sent = delivery(given);
      const forgeries: [Signed, number, string][] = [
        [{ ...sent, body: given.replace('v1', 'v2') }, 401, 'invalid_signature'],
        [delivery(given, { key: 'other' }), 401, 'invalid_signature'],
        [delivery(given, { at: Date.now() - 301_000 }), 401, 'timestamp_too_old'],
        [without(sent, 'webhook-signature'), 401, 'timestamp_required'],
        [{ headers: { 'content-type': 'application/json' }, body: given }, 401, 'missing_headers'],
      ];
      for (const [request, status, code] of forgeries) {
        const answer = await post(request, path);
        expect(answer).toMatchObject({ status, type: expect.stringContaining('application/problem+json') });
        expect(JSON.parse(answer.text)).toMatchObject({ code, status, type: `urn:hookline:problem:${code}` });
      }
      expect(handled).toEqual([]);
      expect(refused.map(({ code }) => code)).toEqual(forgeries.map(([, , code]) => code));
    });

    it('refuses a request that comes a second time', async () => {
      const sent = delivery(given);
      expect((await post(sent)).status).toBe(204);
      expect((await post(sent)).status).toBe(409);
      expect(handled).toHaveLength(1);
    });

    it('refuses a body beyond the limit', async () => {
      const answer = await post(delivery(JSON.stringify({ title: 'x'.repeat(10_000) })));
      expect(answer).toMatchObject({ status: 413, type: expect.stringContaining('application/problem+json') });
      expect(JSON.parse(answer.text)).toMatchObject({ code: 'body_too_large' });
      expect(handled).toEqual([]);
      expect(refused.map(({ code }) => code)).toEqual(['body_too_large']);
    });

    it('answers the verification of a URL by itself, when it is signed', async () => {
      const body = '{"type":"webhook.verification","token":"4f1d"}';
      const { headers } = without(delivery(body), 'x-webhook-delivery', 'x-webhook-attempt');
      const request = { headers: { ...headers, 'x-webhook-event': 'webhook.verification' }, body };
      const { status, text } = await post(request);
      expect([status, JSON.parse(text)]).toEqual([200, { token: '4f1d' }]);
      const forged = { ...request, headers: { ...request.headers, 'webhook-signature': v1('x', 1, '') } };
      expect(await post(forged)).toMatchObject({ status: 401, text: expect.not.stringContaining('4f1d') });
      expect(handled).toEqual([]);
    });

    it('leaves what the handler throws to the framework, as a 500, so that it is sent again', async () => {
      expect(await post(delivery('{"video_id":"fail"}'))).toMatchObject({ status: 500 });
      expect(handled).toHaveLength(1);
      expect(await post(delivery(given))).toMatchObject({ status: 204 });
    });
  });
}

/** The secrets of two webhooks, by X-Webhook-ID. */
export function secretOf(webhookId: string | undefined | null, secret: string): string {
  return webhookId === 'of-another' ? 'another' : secret;
}
