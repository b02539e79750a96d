import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeOnPostgres } from '../../../test/harness/databases.js';
import { createWebhook, trigger } from '../../../test/harness/delivering.js';
import { startReceiver } from '../../../test/harness/receiver-server.js';
import { waitUntil } from '../../../test/harness/wait-until.js';
import { SERVICE_KEY, serveApi } from '../../../test/integration/api-client.js';
import { inSeconds, JWT_SECRET, sign, userClaims } from '../../../test/integration/api-tokens.js';
import { type ClientOptions, createClient, HooklineApiError, ok } from '../src/index.js';
import { follow } from './following.js';

const URL_OF_NOBODY = 'http://127.0.0.1:9/never-called';
const SERVING = { jwtSecret: JWT_SECRET, streams: { checkMs: 200, slowMs: 5_000, idleMs: 200 } };

describeOnPostgres('the end of streamDeliveries', (ctx) => {
  let server: Awaited<ReturnType<typeof serveApi>>;
  let userId: string;
  let token: string;
  beforeAll(async () => {
    server = await serveApi(ctx.db(), SERVING);
    ({ userId } = await createWebhook(ctx.db(), URL_OF_NOBODY));
    token = await sign(userClaims(userId));
  });
  afterAll(() => server.app.close());
  const client = (options: Partial<ClientOptions> = {}) =>
    createClient({ url: server.url, token, backoffMs: 50, ...options });

  it('ends with its token, and says why', async () => {
    const { id = '', key = '' } = ok(await client().POST('/v1/api-keys', { body: { name: 'live', access: 'read' } }));
    const [fixed, asked] = [follow(client({ token: key })), follow(client({ token: () => key }))];
    // In whole seconds, and it has to be good still when the server looks at it.
    const expiring = follow(client({ token: await sign(userClaims(userId, { exp: inSeconds(5) })) }));
    for (const told of [fixed, asked, expiring]) await told.waitFor('open');
    await client().DELETE('/v1/api-keys/{api_key_id}', { params: { path: { api_key_id: id } } });
    for (const [told, code] of [
      [fixed, 'token_revoked'],
      [asked, 'token_revoked'],
      [expiring, 'token_expired'],
    ] as const) {
      const error = await told.ended;
      expect(error).toBeInstanceOf(HooklineApiError);
      expect(error).toMatchObject({ status: 401, code, requestId: expect.any(String) });
    }
    expect([fixed, expiring].flatMap(({ interruptions }) => interruptions)).toEqual([]);
  });

  it('goes on with the next token where a function gives it', async () => {
    const told = follow(client({ token: () => sign(userClaims(userId, { exp: inSeconds(3) })) }));
    await told.waitFor('open');
    const made: string[] = [];
    await waitUntil(
      async () => {
        made.push(...(await trigger(ctx.db(), userId)));
        return told.interruptions.length >= 2;
      },
      { message: 'two tokens to expire', intervalMs: 200, timeoutMs: 20_000 },
    );
    await told.waitFor('created', made.length);
    expect(told.created()).toEqual(made);
    expect(told.interruptions).toMatchObject(told.interruptions.map(() => ({ code: 'token_expired' })));
    await told.stop();
  });

  it('closes its connection when its reader leaves, and when it is aborted', async () => {
    let open = 0;
    const count = (_request: unknown, response: ServerResponse): void => {
      open += 1;
      response.once('close', () => {
        open -= 1;
      });
    };
    server.app.server.on('request', count);
    const isClosed = () => waitUntil(() => open === 0, { message: () => `${open} streams open`, timeoutMs: 4_500 });
    for await (const { kind } of client().streamDeliveries()) {
      expect([kind, open]).toEqual(['open', 1]);
      break;
    }
    await isClosed();
    const told = follow(client());
    await told.waitFor('open');
    expect(open).toBe(1);
    await told.stop();
    await isClosed();
    const aborted = AbortSignal.abort(new Error('before'));
    await expect(client().streamDeliveries({ signal: aborted }).next()).rejects.toThrow('before');
    await isClosed();
    server.app.server.off('request', count);
  });

  it('is aborted at once also while it connects and while it waits', async () => {
    const hanging = await startReceiver(['hang']);
    const connecting = follow(client({ url: new URL(hanging.url).origin }));
    await hanging.waitFor(1);
    await connecting.stop();
    hanging.answerWith([{ status: 503, headers: { 'retry-after': '3000' } }]);
    const waiting = follow(client({ url: new URL(hanging.url).origin }));
    await waitUntil(() => waiting.interruptions.length === 1, { message: 'a refusal' });
    await sleep(300);
    await waiting.stop();
    expect(hanging.requests).toHaveLength(2);
    await hanging.close();
  });

  it('throws what is refused, and what keeps the first connection from coming about', async () => {
    const refused = (options: Partial<ClientOptions>, query: object = {}) =>
      client({ backoffMs: 1, ...options })
        .streamDeliveries({ params: { query } })
        .next()
        .catch((error: unknown) => error);
    expect(await refused({ token: 'wrong' })).toMatchObject({ status: 401 });
    expect(await refused({}, { external_user_id: 'u1' })).toMatchObject({ status: 403, code: 'forbidden' });
    expect(await refused({ token: SERVICE_KEY }, { external_user_id: 'nobody' })).toMatchObject({
      code: 'unknown_user',
    });
    expect(await refused({}, { webhook_id: '1' })).toMatchObject({ status: 400, code: 'invalid_request' });
    const page = await startReceiver([{ headers: { 'content-type': 'text/html' }, body: '<html>' }]);
    expect(String(await refused({ url: new URL(page.url).origin, retries: 1 }))).toContain('is no stream of events');
    expect(page.requests).toHaveLength(2);
    page.answerWith([{ status: 503 }]);
    expect(await refused({ url: new URL(page.url).origin, retries: 2 })).toMatchObject({ code: 'http_503' });
    expect(page.requests).toHaveLength(5);
    page.answerWith([{ headers: { 'content-type': 'text/event-stream' }, body: 'retry: 10\n\n' }]);
    expect(String(await refused({ url: new URL(page.url).origin, retries: 1 }))).toContain('closed the stream');
    expect(page.requests).toHaveLength(7);
    page.answerWith(['hang']);
    expect(await refused({ url: new URL(page.url).origin, retries: 0, timeoutMs: 100 })).toMatchObject({
      name: 'TimeoutError',
    });
    await page.close();
  });
});
