import fc from 'fast-check';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { loadSql } from '../../src/db/sql-file.js';
import type { Worker } from '../../src/deliver/worker.js';
import { NOBODY } from '../conformance/spec-helpers.js';
import { asUserId, createUser, describeOnPostgres } from '../harness/databases.js';
import { attempts, createWebhook, delivery, deliveryWith, startTestWorker, trigger } from '../harness/delivering.js';
import { type ReceivedRequest, type ReceiverServer, startReceiver } from '../harness/receiver-server.js';
import { waitUntil } from '../harness/wait-until.js';
import { SERVICE_KEY, serveApi } from './api-client.js';
import { type ContractCall, contract } from './api-contract.js';
import { JWT_SECRET, sign, userClaims } from './api-tokens.js';
import { requestVerification, startTestVerification, verificationEnded, willing } from './verification-helpers.js';

type Headers = Readonly<Record<string, unknown>>;
interface Webhook {
  readonly id: string;
  readonly userId: string;
}

const WEBHOOKS = loadSql(new URL('../../src/deliver/claim/claim.ts', import.meta.url).href, './webhooks.sql');
const VALUE = 'Bearer t0p-s3cret';
const TWENTY = Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`X-Own-${n}`, `value ${n}`]));
const long = (bytes: number) => 'a'.repeat(bytes);

describeOnPostgres('custom headers of a webhook', (ctx) => {
  let receiver: ReceiverServer;
  let worker: Worker;
  let served: Awaited<ReturnType<typeof serveApi>>;
  let call: ContractCall;
  const logged: string[] = [];
  const log = pino({ level: 'trace' }, { write: (line: string) => void logged.push(line) });
  beforeAll(async () => {
    receiver = await startReceiver();
    worker = await startTestWorker(ctx.db());
    served = await serveApi(ctx.db(), { jwtSecret: JWT_SECRET, log });
    call = await contract(served.url);
  });
  afterEach(async () => {
    receiver.answerWith([{}]);
    await ctx.db().query('DELETE FROM webhooks');
  });
  afterAll(async () => {
    await served.app.close();
    await worker.stop(2_000);
    await receiver.close();
  });

  const tokenOf = (userId: string) => sign(userClaims(userId));
  const pathOf = ({ id }: Pick<Webhook, 'id'>) => `/v1/webhooks/${id}/headers`;
  const put = async (webhook: Webhook, headers: Headers, bearer?: string) =>
    call('PUT', pathOf(webhook), { bearer: bearer ?? (await tokenOf(webhook.userId)), body: { headers } });
  const get = async (webhook: Webhook, bearer?: string) =>
    call('GET', pathOf(webhook), { bearer: bearer ?? (await tokenOf(webhook.userId)) });
  async function deliver(webhook: Webhook): Promise<ReceivedRequest> {
    const [id = ''] = await trigger(ctx.db(), webhook.userId);
    await deliveryWith(ctx.db(), id, 'success');
    const request = receiver.requests.find(({ headers }) => headers['x-webhook-delivery'] === id);
    if (request === undefined) throw new Error('the delivery did not come');
    return request;
  }
  /** How often a text stands anywhere in the database, but where the headers are kept. */
  async function occurrences(text: string): Promise<number> {
    const { rows } = await ctx.db().query<{ n: number }>(
      `SELECT ((SELECT count(*) FROM webhook_deliveries d WHERE strpos(d::text, $1) > 0)
        + (SELECT count(*) FROM hookline.webhook_delivery_attempts a WHERE strpos(a::text, $1) > 0)
        + (SELECT count(*) FROM webhooks w WHERE strpos(w::text, $1) > 0))::int AS n`,
      [text],
    );
    return rows[0]?.n ?? -1;
  }

  it('go with each call, and are recorded without their values', async () => {
    const webhook = await createWebhook(ctx.db(), receiver.url);
    const { status, body } = await put(webhook, { 'X-Tenant': 'a b', Authorization: VALUE });
    expect([status, body]).toEqual([
      200,
      { names: ['Authorization', 'X-Tenant'], set_at: expect.stringMatching(/Z$/) },
    ]);
    receiver.answerWith([{ status: 500 }, {}]);
    const [id = ''] = await trigger(ctx.db(), webhook.userId);
    await deliveryWith(ctx.db(), id, 'success');
    const calls = receiver.requests.filter(({ headers }) => headers['x-webhook-delivery'] === id);
    expect(calls.map(({ headers }) => [headers.authorization, headers['x-tenant']])).toEqual([
      [VALUE, 'a b'],
      [VALUE, 'a b'],
    ]);
    const masked = expect.objectContaining({ Authorization: '***', 'X-Tenant': '***', 'X-Webhook-Delivery': id });
    expect((await delivery(ctx.db(), id))['request_headers']).toEqual(masked);
    expect((await attempts(ctx.db(), id)).map((one) => one['request_headers'])).toEqual([masked]);
    expect(await occurrences('t0p-s3cret')).toBe(0);
  });

  it('change with the next claim, and go when they are taken away', async () => {
    const webhook = await createWebhook(ctx.db(), receiver.url);
    await put(webhook, { 'X-One': '1', 'X-Two': '2' });
    await put(webhook, { 'X-Two': 'two' });
    const changed = await deliver(webhook);
    expect([changed.headers['x-one'], changed.headers['x-two']]).toEqual([undefined, 'two']);
    expect((await call('DELETE', pathOf(webhook), { bearer: await tokenOf(webhook.userId) })).status).toBe(204);
    expect((await deliver(webhook)).headers['x-two']).toBeUndefined();
    expect((await get(webhook)).body).toEqual({ names: [], set_at: null });
    expect((await ctx.db().query('SELECT FROM hookline.webhook_headers')).rowCount).toBe(0);
  });

  it('Authorization goes before the credentials in the URL', async () => {
    const webhook = await createWebhook(ctx.db(), receiver.url.replace('//', '//name:word@'));
    const basic = `Basic ${Buffer.from('name:word').toString('base64')}`;
    expect((await deliver(webhook)).headers.authorization).toBe(basic);
    await put(webhook, { 'X-Own': '1' });
    expect((await deliver(webhook)).headers.authorization).toBe(basic);
    await put(webhook, { AUTHORIZATION: VALUE });
    expect((await deliver(webhook)).headers.authorization).toBe(VALUE);
  });

  it('go with a verification too', async () => {
    const webhook = await createWebhook(ctx.db(), receiver.url);
    await put(webhook, { Authorization: VALUE });
    receiver.answerWith((request) => (request.headers.authorization === VALUE ? willing(request) : { status: 401 }));
    const loop = startTestVerification(ctx.db());
    try {
      await requestVerification(ctx.db(), webhook);
      expect(await verificationEnded(ctx.db(), webhook.id)).toMatchObject({ is_verified: true });
    } finally {
      await loop.stop(2_000);
    }
  });

  it('are read as names alone, by the owner and the service; a change touches the webhook’s version', async () => {
    const webhook = await createWebhook(ctx.db(), receiver.url);
    const version = async () =>
      (await ctx.db().query<{ at: string }>('SELECT updated_at::text AS at FROM webhooks WHERE id = $1', [webhook.id]))
        .rows[0]?.at;
    const before = await version();
    const set = await put(webhook, { 'X-Key': VALUE }, SERVICE_KEY);
    expect(await version()).not.toBe(before);
    for (const bearer of [undefined, SERVICE_KEY]) expect((await get(webhook, bearer)).body).toEqual(set.body);
    await expect(
      asUserId(ctx.db(), webhook.userId, (tx) => tx.query('SELECT headers FROM hookline.webhook_headers')),
    ).rejects.toMatchObject({ code: '42501' });
  });

  it('change, and go, only in the version of the webhook that If-Match names', async () => {
    const webhook = await createWebhook(ctx.db(), receiver.url);
    const bearer = await tokenOf(webhook.userId);
    const change = (method: 'PUT' | 'DELETE', etag: string, name = 'X-Key') => {
      const body = method === 'PUT' && { body: { headers: { [name]: VALUE } } };
      return call(method, pathOf(webhook), { bearer, headers: { 'if-match': etag }, ...body });
    };
    const etagOf = async (path: string) => (await call('GET', path, { bearer })).headers.get('etag') ?? '';
    const first = await etagOf(`/v1/webhooks/${webhook.id}`);
    expect(await etagOf(pathOf(webhook))).toBe(first);
    const set = await change('PUT', first);
    expect([set.status, set.headers.get('etag')]).toEqual([200, await etagOf(`/v1/webhooks/${webhook.id}`)]);
    for (const method of ['PUT', 'DELETE'] as const) {
      const late = await change(method, first, 'X-Other');
      expect([late.status, late.body['code']]).toEqual([412, 'version_changed']);
    }
    expect((await get(webhook)).body).toMatchObject({ names: ['X-Key'] });
    expect((await change('DELETE', await etagOf(pathOf(webhook)))).status).toBe(204);
    expect((await get(webhook)).body).toEqual({ names: [], set_at: null });
  });

  it('are set by one, when many ask at once with the same version', async () => {
    const webhook = await createWebhook(ctx.db(), receiver.url);
    const bearer = await tokenOf(webhook.userId);
    const etag = (await get(webhook)).headers.get('etag') ?? '';
    const put = (n: number) => {
      const body = { headers: { [`X-Key-${n}`]: VALUE } };
      return call('PUT', pathOf(webhook), { bearer, headers: { 'if-match': etag }, body });
    };
    const answers = await Promise.all([1, 2, 3, 4].map(put));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412, 412]);
    const set = answers.find(({ status }) => status === 200);
    expect((await get(webhook)).body).toEqual(set?.body);
  });

  it('are nobody else’s: a stranger’s webhook is one that does not exist', async () => {
    const webhook = await createWebhook(ctx.db(), receiver.url);
    await put(webhook, { 'X-Key': VALUE });
    const stranger = await tokenOf(await createUser(ctx.db()));
    for (const [method, body] of [
      ['GET'],
      ['PUT', { headers: {} }],
      ['PUT', { headers: { Host: 'x' } }],
      ['DELETE'],
    ] as const) {
      const answers = await Promise.all(
        [webhook.id, NOBODY].map(async (id) => {
          const { status, body: problem } = await call(method, pathOf({ id }), { bearer: stranger, body });
          return [status, problem['code'], problem['detail']];
        }),
      );
      expect(answers[0]).toEqual([404, 'webhook_not_found', expect.any(String)]);
      expect(answers[1]).toEqual(answers[0]);
    }
    expect((await call('GET', pathOf(webhook))).status).toBe(401);
    expect((await get(webhook)).body).toMatchObject({ names: ['X-Key'] });
  });

  describe('cannot be', () => {
    const RESERVED =
      'Host,CONNECTION,Keep-Alive,TE,Trailer,Transfer-Encoding,Upgrade,HTTP2-Settings,Expect,User-Agent,Via,Forwarded,X-Real-IP,__proto__,' +
      'Content-Length,Content-Type,content-encoding,Proxy-Authorization,webhook-signature,X-Webhook-Signature,x-webhook-own,X-Hookline-Own,X-Forwarded-For';
    it.each(RESERVED.split(','))('%s', async (name) => {
      const webhook = await createWebhook(ctx.db(), receiver.url);
      // Not as a literal's member, which __proto__ is not.
      const { status, body } = await put(
        webhook,
        Object.fromEntries([
          [name, 'v'],
          ['X-Good', 'v'],
        ]),
      );
      expect([status, body['code'], body['errors']]).toEqual([
        422,
        'invalid_headers',
        [{ pointer: `/headers/${name}`, detail: `${name} is reserved.` }],
      ]);
      expect((await get(webhook)).body).toEqual({ names: [], set_at: null });
    });

    it.each([
      ['of no token', { 'X Own': 'v' }, /^X Own is no name/],
      ['of an empty name', { '': 'v' }, /is no name/],
      ['of a name in another script', { 'X-Ö': 'v' }, /^X-Ö is no name/],
      ['of a long name', { [`X-${long(99)}`]: 'v' }, /^X-a+ is no name/],
      ['empty', { 'X-Own': '' }, /^X-Own must have a value/],
      ['split', { 'X-Own': 'a\r\nHost: b' }, /^X-Own must have a value/],
      ['ended by a line', { 'X-Own': 'a\n' }, /^X-Own must have a value/],
      ['padded', { 'X-Own': ' a' }, /^X-Own must have a value/],
      ['in another script', { 'X-Own': 'ä' }, /^X-Own must have a value/],
      ['longer than 4 KiB', { 'X-Own': long(4097) }, /^X-Own has a value longer/],
      [
        'longer than 16 KiB together',
        { A: long(4096), B: long(4096), C: long(4096), D: long(4096) },
        /16 KiB together/,
      ],
      ['more than 20', { ...TWENTY, More: '21' }, /^There are 21 headers/],
      ['given twice', { 'X-Own': '1', 'x-own': '2' }, /given more than once/],
    ])('%s', async (_what, headers: Headers, detail) => {
      const webhook = await createWebhook(ctx.db(), receiver.url);
      const { status, body } = await put(webhook, headers);
      expect([status, body['code'], body['hint']]).toEqual([422, 'invalid_headers', expect.any(String)]);
      for (const finding of body['errors'] as { pointer: string; detail: string }[]) {
        expect(finding.pointer).toMatch(/^\/headers/);
        expect(finding.detail).toMatch(detail);
      }
      expect(body['errors']).not.toEqual([]);
      expect((await get(webhook)).body).toEqual({ names: [], set_at: null });
    });
  });

  it('each that cannot be set is told of, without its value', async () => {
    const webhook = await createWebhook(ctx.db(), receiver.url);
    const { body } = await put(webhook, { 'X-Good': VALUE, 'X~/Own': VALUE, Host: VALUE, 'X-Own': `${VALUE}\t` });
    expect((body['errors'] as { pointer: string }[]).map(({ pointer }) => pointer).sort()).toEqual([
      '/headers/Host',
      '/headers/X-Own',
      '/headers/X~0~1Own',
    ]);
    expect(JSON.stringify(body)).not.toContain('t0p-s3cret');
    expect(logged.join()).toContain('/headers');
    expect(logged.join()).not.toContain('t0p-s3cret');
  });

  it.each([[{ headers: { 'X-Own': 1 } }], [{ headers: [] }], [{}], [{ headers: {}, more: 1 }], [[]]])(
    'a body of %j is not well formed',
    async (body) => {
      const webhook = await createWebhook(ctx.db(), receiver.url);
      const answer = await call('PUT', pathOf(webhook), { bearer: await tokenOf(webhook.userId), body });
      expect([answer.status, answer.body['code']]).toEqual([400, 'invalid_request']);
    },
  );

  it.each(['a\0b', 'a\ud800b'])('%j as a value cannot be stored', async (value) => {
    const webhook = await createWebhook(ctx.db(), receiver.url);
    expect(await put(webhook, { 'X-Own': value })).toMatchObject({ status: 422, body: { code: 'not_storable' } });
  });

  it('20, of 4 KiB, are taken', async () => {
    const webhook = await createWebhook(ctx.db(), receiver.url);
    expect(await put(webhook, { ...TWENTY, 'X-Own-0': long(4096) })).toMatchObject({ status: 200 });
    expect((await deliver(webhook)).headers).toMatchObject({ 'x-own-0': long(4096), 'x-own-19': 'value 19' });
  });

  it('whatever is taken arrives as it was set', async () => {
    const webhook = await createWebhook(ctx.db(), receiver.url);
    const visible = Array.from({ length: 94 }, (_, n) => String.fromCharCode(33 + n));
    const token = fc.constantFrom(...visible.filter((char) => /[\w!#$%&'*+.^`|~-]/.test(char)));
    const name = fc.string({ unit: token, minLength: 1, maxLength: 100 }).map((text) => text.toLowerCase());
    const edge = fc.constantFrom(...visible);
    const value = fc.tuple(edge, fc.string({ unit: fc.constantFrom(' ', ...visible), maxLength: 100 }), edge);
    const headers = fc.dictionary(
      name,
      value.map((parts) => parts.join('')),
      { minKeys: 1, maxKeys: 20, noNullPrototype: true },
    );
    await fc.assert(
      fc.asyncProperty(headers, async (set) => {
        const answer = await put(webhook, set);
        // By chance a reserved name.
        fc.pre(answer.status === 200);
        expect((await deliver(webhook)).headers).toMatchObject(set);
      }),
      { numRuns: 15 },
    );
  });

  it('cost a claim nothing where there are none: neither they nor keys are looked for', async () => {
    const webhook = await createWebhook(ctx.db(), receiver.url);
    const looks = async () => {
      const sql = `EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) ${WEBHOOKS}`;
      const { rows } = await ctx.db().query<{ 'QUERY PLAN': string }>(sql, [[webhook.id]]);
      const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
      // The function that gives the keys, and the scan of the headers.
      return plan.match(/(Result|Scan[^\n]*webhook_headers)[^\n]*/g)?.map((node) => !node.includes('never executed'));
    };
    expect(await looks()).toEqual([false, false]);
    await put(webhook, { 'X-Key': VALUE });
    await ctx.db().query('UPDATE webhooks SET sign_asymmetric = true WHERE id = $1::uuid', [webhook.id]);
    expect(await looks()).toEqual([true, true]);
  });

  it('go with their webhook', async () => {
    const webhook = await createWebhook(ctx.db(), receiver.url);
    await put(webhook, { 'X-Key': VALUE });
    await ctx.db().query('DELETE FROM webhooks WHERE id = $1::uuid', [webhook.id]);
    await waitUntil(async () => (await ctx.db().query('SELECT FROM hookline.webhook_headers')).rowCount === 0, {
      message: 'the headers to go',
    });
  });
});
