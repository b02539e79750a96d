import { createServer as createTcpServer } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { describe, expect, it } from 'vitest';
import { createServer } from '../../src/api/server.js';
import { openPostgres } from '../../src/db/pg.js';
import { createGuardedAgent } from '../../src/egress/guarded-agent.js';
import { createLogger } from '../../src/observe/log.js';
import { ownStore } from '../../src/receive/own-store.js';
import { type ReceiverDeps, registerReceiver } from '../../src/receive/routes.js';
import { describeOnPostgres } from '../harness/databases.js';
import { isInTime } from './in-time.js';
import { API_KEY, MAX_BODY_BYTES, SECRET, sign, useReceiver } from './receive-helpers.js';

const bytes = (...parts: (string | number[])[]): Uint8Array<ArrayBuffer> =>
  new Uint8Array(
    Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part)))),
  );

describeOnPostgres('bad input to the receiver', (ctx) => {
  const { send, event, settled, rows } = useReceiver(ctx);

  it.each([
    ['no JSON', 'not json', 'invalid_json'],
    ['an empty body', '', 'invalid_json'],
    ['binary', bytes([0, 255, 128]), 'invalid_json'],
    ['a raw NUL', '{"title":"a\0b"}', 'invalid_json'],
    ['a list', '[{}]', 'not_an_object'],
    ['null', 'null', 'not_an_object'],
    ['a number', '12', 'not_an_object'],
    ['a type that is no text', '{"type":5}', 'invalid_field'],
    ['an ai_response that is a list', '{"type":"task.ai_generated","ai_response":[]}', 'invalid_field'],
    ['a channel_id that is a number', '{"type":"task.ai_generated","channel_id":1}', 'invalid_field'],
    ['customer_data that is text', '{"type":"task.ai_generated","customer_data":"x"}', 'invalid_field'],
  ])('signed %s is 400 with a code', async (_, body, code) => {
    const answer = await send(body);
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.text)).toEqual({ error: expect.any(String), code });
    expect(await rows()).toEqual([]);
  });

  it('a body over the limit is 413 with a code, announced or not, signed or not; one at the limit is taken', async () => {
    const padded = (size: number): string => {
      const body = JSON.stringify(event({ pad: '' }));
      return body.replace('"pad":""', `"pad":"${'x'.repeat(size - body.length)}"`);
    };
    expect((await send(padded(MAX_BODY_BYTES))).status).toBe(200);
    for (const headers of [undefined, {}]) {
      const answer = await send(padded(MAX_BODY_BYTES + 1), headers);
      expect(answer.status).toBe(413);
      expect(JSON.parse(answer.text)).toEqual({ error: expect.any(String), code: 'body_too_large' });
    }
    const chunked = await send(new Blob([padded(MAX_BODY_BYTES + 100_000)]).stream(), {});
    expect([chunked.status, JSON.parse(chunked.text).code]).toEqual([413, 'body_too_large']);
    expect(await rows()).toHaveLength(1);
  });

  it('any content type will do, as long as the signature is right', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'nonsense']) {
      const body = JSON.stringify(event());
      expect((await send(body, { 'content-type': type, 'mr-signature': sign(body) })).status).toBe(200);
    }
    expect(await rows()).toHaveLength(3);
  });

  it('SQL in every field is text like any other', async () => {
    const evil = "'; DROP TABLE ai_content; --";
    await send(
      JSON.stringify(
        event({
          event: evil,
          channel_id: evil,
          ai_response: { data: { title: evil } },
          customer_data: { user_id: evil, [evil]: evil },
        }),
      ),
    );
    await settled();
    expect(await rows()).toMatchObject([{ title: evil, event_name: evil, channel_id: evil }]);
  });
});

describe('a receiver that cannot take webhooks', () => {
  const log = createLogger('silent');
  const dispatcher = createGuardedAgent({ allowNetworks: [] });
  const body = JSON.stringify({
    type: 'task.ai_generated',
    callback_url: 'https://api.modelriver.com/x',
    channel_id: 'c',
  });

  async function post(
    deps: Partial<ReceiverDeps>,
    databaseUrl = 'postgres://nobody@127.0.0.1:1/none',
    answered = (): void => undefined,
  ) {
    const db = openPostgres({ connectionString: databaseUrl });
    const given = {
      receiver: { store: ownStore(db, log), emitter: undefined },
      log,
      dispatcher,
      webhookSecret: SECRET,
      apiKey: API_KEY,
      callbackOrigins: [],
      maxBodyBytes: MAX_BODY_BYTES,
      waitUntil: () => undefined,
    };
    const mount = (app: FastifyInstance): void => registerReceiver(app, { ...given, ...deps });
    const app = createServer({ db, log, serviceKey: undefined, maxBodyBytes: MAX_BODY_BYTES, mount });
    try {
      return await app.inject({
        method: 'POST',
        url: '/webhooks/modelriver',
        body,
        headers: { 'mr-signature': sign(body) },
      });
    } finally {
      answered();
      await app.close();
      await db.close();
    }
  }

  it.each([
    ['the signing secret', { webhookSecret: undefined }, 'webhook_secret_not_set'],
    ['the API key', { apiKey: undefined }, 'api_key_not_set'],
  ])('says 503 without %s', async (_, deps, code) => {
    const answer = await post(deps);
    expect(answer.statusCode).toBe(503);
    expect(answer.json()).toMatchObject({ code });
  });

  it('asks to send again when the database is away, and tells nothing about it', async () => {
    const answer = await post({});
    expect(answer.statusCode).toBe(503);
    expect(answer.headers['retry-after']).toBe('5');
    expect(answer.json()).toEqual({
      error: 'The webhook could not be stored. Send it again.',
      code: 'database_unavailable',
    });
  });

  it('asks to send again when the database hangs, within ten seconds', async () => {
    const sockets: { destroy(): void }[] = [];
    const silent = createTcpServer((socket) => void sockets.push(socket)).listen(0, '127.0.0.1');
    await new Promise((resolve) => silent.once('listening', resolve));
    const address = silent.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    let hung: ReturnType<typeof post> | undefined;
    const answered = new Promise<void>((resolve) => {
      hung = post({}, `postgres://nobody@127.0.0.1:${port}/none`, resolve);
    });
    expect(await isInTime(answered, 9_500)).toBe(true);
    // The pool closes once its connection is.
    for (const socket of sockets) socket.destroy();
    const answer = await hung;
    expect(answer?.statusCode).toBe(503);
    expect(answer?.json()).toMatchObject({ code: 'database_unavailable' });
    silent.close();
  });
});
