import { remoteKeys, verifyWebhook } from '@hookline/client';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { asService } from '../../src/db/roles.js';
import type { Worker } from '../../src/deliver/worker.js';
import { openWebhookSecret } from '../../src/in-process/index.js';
import { keyringOf } from '../../src/secrets/keyring.js';
import { Sealer } from '../../src/secrets/sealer.js';
import { asUserId, describeOnPostgres } from '../harness/databases.js';
import { createWebhook, delivery, deliveryWith, silent, startTestWorker, trigger } from '../harness/delivering.js';
import { type ReceivedRequest, type ReceiverServer, startReceiver } from '../harness/receiver-server.js';
import { waitUntil } from '../harness/wait-until.js';
import { callRpc, SERVICE_KEY, serveApi } from './api-client.js';
import { type ContractCall, contract } from './api-contract.js';
import { JWT_SECRET, sign, userClaims } from './api-tokens.js';
import { dump, forgetAll, newKey, stored, sweep } from './secrets-helpers.js';
import { requestVerification, startTestVerification, verificationEnded, willing } from './verification-helpers.js';

const K1 = newKey('k1');
const KEYRING = keyringOf(K1);
const AUTHORIZATION = 'Bearer kept like a secret';
/** Digits that a double does not hold, and the name of the column inside a payload. */
const PAYLOAD =
  '{"n": 12345678901234567890.10, "webhook_secret": "mine", "deep": [{"webhook_secret": "too"}], "text": "\\"}] {"}';

/** What GraphQL gives of a webhook that it makes. */
interface Made {
  readonly secret: string;
  readonly webhook: { readonly id: string };
}

describeOnPostgres('secrets at rest', (ctx) => {
  let receiver: ReceiverServer;
  let worker: Worker;
  let served: Awaited<ReturnType<typeof serveApi>>;
  let call: ContractCall;
  beforeAll(async () => {
    receiver = await startReceiver();
    served = await serveApi(ctx.db(), {
      jwtSecret: JWT_SECRET,
      keyring: KEYRING,
      sealer: new Sealer({ db: ctx.db(), keyring: KEYRING, log: silent }),
    });
    call = await contract(served.url);
    await sweep(ctx.db(), K1);
    worker = await startTestWorker(ctx.db(), { keyring: KEYRING });
  });
  afterEach(async () => {
    receiver.answerWith([{}]);
    await ctx.db().query('DELETE FROM webhooks; DELETE FROM hookline.signing_keys');
  });
  afterAll(async () => {
    await served.app.close();
    await worker.stop(2_000);
    await receiver.close();
  });

  const rotate = async ({ id, userId }: { id: string; userId: string }): Promise<string> => {
    const { rows } = await asUserId(ctx.db(), userId, (tx) =>
      tx.query<{ secret: string }>('SELECT webhook_secret AS secret FROM rotate_webhook_secret($1::uuid)', [id]),
    );
    return rows[0]?.secret ?? '';
  };
  async function deliver(webhook: { userId: string }): Promise<ReceivedRequest> {
    const [id = ''] = await trigger(ctx.db(), webhook.userId);
    await deliveryWith(ctx.db(), id, 'success');
    const request = receiver.requests.find(({ headers }) => headers['x-webhook-delivery'] === id);
    if (request === undefined) throw new Error('the delivery did not come');
    return request;
  }
  const encrypted = (id: string) =>
    waitUntil(async () => (await stored(ctx.db(), id)).secret_key_id === 'k1', {
      message: 'the secret to be encrypted',
    });

  it('are encrypted by a sweep that changes no version, and nothing of them is left in the database', async () => {
    const webhook = await createWebhook(ctx.db(), receiver.url, { sign_asymmetric: true });
    await asUserId(ctx.db(), webhook.userId, (tx) =>
      tx.query('SELECT set_webhook_headers($1::uuid, $2::jsonb)', [
        webhook.id,
        JSON.stringify({ Authorization: AUTHORIZATION }),
      ]),
    );
    const retired = webhook.secret;
    const secret = await rotate(webhook);
    // The first has the worker make the private key of the installation.
    await deliver(webhook);
    const { rows } = await ctx
      .db()
      .query<{ key: string }>("SELECT encode(private_key, 'hex') AS key FROM hookline.signing_keys", []);
    const hidden = [secret, retired, AUTHORIZATION, rows[0]?.key ?? 'no key'];
    const before = await dump(ctx.db());
    for (const one of hidden) expect(before).toContain(one);
    const { updated_at: version } = await stored(ctx.db(), webhook.id);

    await sweep(ctx.db(), K1);
    const row = await stored(ctx.db(), webhook.id);
    expect(row).toMatchObject({ secret_key_id: 'k1', long_sealed_secret: null, updated_at: version });
    expect(row.secret).toMatch(/^hle1\.k1\./);
    expect(row.retired_secrets).toEqual([expect.stringMatching(/^hle1\.k1\./)]);

    const request = await deliver(webhook);
    expect(request.headers.authorization).toBe(AUTHORIZATION);
    for (const key of [secret, retired, remoteKeys(`${served.url}/.well-known/webhook-keys`)]) {
      await expect(verifyWebhook(request, key)).resolves.toMatchObject({ webhookId: webhook.id });
    }
    const after = await dump(ctx.db());
    for (const one of hidden) expect(after).not.toContain(one);
  });

  it('are told to their owner, by create, rotate and read, and encrypted as soon as these have answered', async () => {
    const { id: _, userId } = await createWebhook(ctx.db(), receiver.url);
    const bearer = await sign(userClaims(userId));
    const body = { name: 'n', url: receiver.url, event_types: ['video.generated'] };
    const created = (await call('POST', '/v1/webhooks', { bearer, body })).body as { id: string; secret: string };
    expect(created.secret).toMatch(/^[0-9a-f]{64}$/);
    await encrypted(created.id);
    const read = async () => (await call('GET', `/v1/webhooks/${created.id}/secret`, { bearer })).body['secret'];
    expect(await read()).toBe(created.secret);
    const rotated = await call('POST', `/v1/webhooks/${created.id}/secret/rotate`, { bearer, body: {} });
    await encrypted(created.id);
    expect(await read()).toBe(rotated.body['secret']);
    const made = await callRpc(served.url, 'create_webhook', { p_name: 'n', p_url: receiver.url }, { bearer });
    const [{ webhook_id, webhook_secret }] = made.json as [{ webhook_id: string; webhook_secret: string }];
    expect(webhook_secret).toMatch(/^[0-9a-f]{64}$/);
    await encrypted(webhook_id);
    await call('PUT', `/v1/webhooks/${created.id}/headers`, {
      bearer,
      body: { headers: { Authorization: AUTHORIZATION } },
    });
    await waitUntil(async () => !(await dump(ctx.db())).includes(AUTHORIZATION), {
      message: 'the header to be encrypted',
    });
  });

  it('are encrypted by the API where no worker runs, whichever way they were made', async () => {
    const bearer = await sign(userClaims((await createWebhook(ctx.db(), receiver.url)).userId));
    const graphql = async (query: string, variables: object): Promise<Record<string, Made>> => {
      const response = await fetch(`${served.url}/graphql`, {
        method: 'POST',
        headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
        body: JSON.stringify({ query, variables }),
      });
      return JSON.parse(await response.text()).data;
    };
    await worker.stop(2_000);
    try {
      const { create_webhook: created } = await graphql(
        'mutation ($url: String!) { create_webhook(input: { name: "n", url: $url }) { secret webhook { id } } }',
        { url: receiver.url },
      );
      const id = created?.webhook.id ?? '';
      expect(created?.secret).toMatch(/^[0-9a-f]{64}$/);
      await encrypted(id);
      const before = await stored(ctx.db(), id);
      await graphql('mutation ($id: UUID!) { rotate_webhook_secret(id: $id) { secret } }', { id });
      await encrypted(id);
      expect((await stored(ctx.db(), id)).secret).not.toBe(before.secret);

      await call('POST', '/v1/signing-keys/rotate', { bearer: SERVICE_KEY, body: {} });
      const { rows } = await waitUntil(
        async () => {
          const keys = await ctx.db().query('SELECT FROM hookline.signing_keys WHERE secret_key_id = $1', ['k1']);
          return keys.rows.length > 0 ? keys : undefined;
        },
        { message: 'the private key to be encrypted' },
      );
      expect(rows).toHaveLength(1);
    } finally {
      worker = await startTestWorker(ctx.db(), { keyring: KEYRING });
    }
  });

  it('are told by get_pending_webhook_retries to whoever holds the key: over SQL encrypted, over the API opened', async () => {
    receiver.answerWith([{ status: 500 }]);
    const webhook = await createWebhook(ctx.db(), receiver.url, { retry_delay_seconds: 3600 });
    await sweep(ctx.db(), K1);
    // An owner knows what is stored, and may send it.
    const { secret: sealed } = await stored(ctx.db(), webhook.id);
    const [id = ''] = await trigger(ctx.db(), webhook.userId, PAYLOAD.replace('too', sealed));
    await deliveryWith(ctx.db(), id, 'retrying');
    const due = () =>
      ctx.db().query(
        `UPDATE hookline.queue SET lease_id = NULL, lease_worker = NULL, is_counted = false, is_waiting = true, due_at = now()
         WHERE delivery_id = $1::uuid`,
        [id],
      );
    await worker.stop(2_000);
    try {
      await due();
      const { rows } = await asService(ctx.db(), (tx) =>
        tx.query<{ webhook_id: string; webhook_secret: string }>('SELECT * FROM get_pending_webhook_retries()', []),
      );
      expect(rows).toMatchObject([{ webhook_id: webhook.id, webhook_secret: expect.stringMatching(/^hle1\.k1\./) }]);
      expect(openWebhookSecret(webhook.id, rows[0]?.webhook_secret ?? '', K1)).toBe(webhook.secret);

      await due();
      const answer = await callRpc(served.url, 'get_pending_webhook_retries', {}, { bearer: SERVICE_KEY });
      expect(answer.json).toMatchObject([{ delivery_id: id, webhook_secret: webhook.secret }]);
      for (const part of [
        '12345678901234567890.10',
        '"webhook_secret": "mine"',
        `"webhook_secret": "${sealed}"`,
        '"\\"}] {"',
      ]) {
        expect(answer.text).toContain(part);
      }
      await due();
      const one = await callRpc(
        served.url,
        'get_pending_webhook_retries',
        {},
        {
          bearer: SERVICE_KEY,
          query: '?select=webhook_secret',
          headers: { accept: 'application/vnd.pgrst.object+json' },
        },
      );
      expect(one.json).toEqual({ webhook_secret: webhook.secret });

      await due();
      const without = await serveApi(ctx.db());
      const refused = await callRpc(without.url, 'get_pending_webhook_retries', {}, { bearer: SERVICE_KEY });
      expect([refused.status, refused.json]).toEqual([
        503,
        expect.objectContaining({ code: 'secret_key_missing', message: expect.stringContaining('k1') }),
      ]);
      const unread = await fetch(`${without.url}/v1/webhooks/${webhook.id}/secret`, {
        headers: { authorization: `Bearer ${SERVICE_KEY}` },
      });
      expect([unread.status, await unread.json()]).toEqual([
        503,
        expect.objectContaining({ code: 'secret_key_missing' }),
      ]);
      await without.app.close();
      // Nothing was leased to the one who could not be told.
      expect((await callRpc(served.url, 'get_pending_webhook_retries', {}, { bearer: SERVICE_KEY })).json).toHaveLength(
        1,
      );
    } finally {
      worker = await startTestWorker(ctx.db(), { keyring: KEYRING });
    }
  });

  it('may be as long as their column, and are set anew by plain SQL', async () => {
    const long = '\u{1F511}'.repeat(255);
    const webhook = await createWebhook(ctx.db(), receiver.url, { secret: long });
    await sweep(ctx.db(), K1);
    const row = await stored(ctx.db(), webhook.id);
    expect(row.secret).toHaveLength(255);
    expect(row.long_sealed_secret?.startsWith(row.secret)).toBe(true);
    await expect(verifyWebhook(await deliver(webhook), long)).resolves.toMatchObject({ webhookId: webhook.id });
    const bearer = await sign(userClaims(webhook.userId));
    expect((await call('GET', `/v1/webhooks/${webhook.id}/secret`, { bearer })).body['secret']).toBe(long);
    const second = await rotate(webhook);
    const both = await deliver(webhook);
    for (const key of [long, second]) await expect(verifyWebhook(both, key)).resolves.toBeDefined();
    await sweep(ctx.db(), K1);
    await expect(verifyWebhook(await deliver(webhook), long)).resolves.toBeDefined();

    const before = await stored(ctx.db(), webhook.id);
    await asService(ctx.db(), (tx) =>
      tx.query(
        'UPDATE webhooks SET secret = $2, retired_secrets = NULL, retired_secrets_until = NULL WHERE id = $1::uuid',
        [webhook.id, 'set anew'],
      ),
    );
    const set = await stored(ctx.db(), webhook.id);
    expect(set).toMatchObject({ secret: 'set anew', secret_key_id: null, long_sealed_secret: null });
    expect(set.updated_at > before.updated_at).toBe(true);
    await expect(verifyWebhook(await deliver(webhook), 'set anew')).resolves.toBeDefined();
  });

  it('sign verifications of the URL', async () => {
    const webhook = await createWebhook(ctx.db(), receiver.url);
    await sweep(ctx.db(), K1);
    receiver.answerWith(willing);
    const from = receiver.requests.length;
    const verification = startTestVerification(ctx.db(), { keyring: KEYRING });
    await requestVerification(ctx.db(), webhook);
    expect(await verificationEnded(ctx.db(), webhook.id)).toMatchObject({ is_verified: true });
    await verification.stop(2_000);
    const request = receiver.requests[from];
    if (request === undefined) throw new Error('no verification came');
    await expect(verifyWebhook(request, webhook.secret)).resolves.toBeDefined();
  });

  it('that do not open hold their deliveries: nothing is sent or counted, others go, and it goes on when it is mended', async () => {
    const broken = await createWebhook(ctx.db(), receiver.url);
    const other = await createWebhook(ctx.db(), receiver.url);
    await sweep(ctx.db(), K1);
    const { secret } = await stored(ctx.db(), broken.id);
    const { secret: moved } = await stored(ctx.db(), other.id);
    await ctx.db().query('UPDATE webhooks SET secret = $2 WHERE id = $1::uuid', [broken.id, moved]);
    const [id = ''] = await trigger(ctx.db(), broken.userId);
    for (let n = 0; n < 3; n += 1) await deliver(other);
    expect(await delivery(ctx.db(), id)).toMatchObject({ status: 'pending', attempt_number: 0, error_code: null });
    expect(receiver.requests.filter(({ headers }) => headers['x-webhook-delivery'] === id)).toEqual([]);
    const { rows } = await ctx
      .db()
      .query('SELECT consecutive_failures, failed_deliveries FROM webhooks WHERE id = $1::uuid', [broken.id]);
    expect(rows).toEqual([{ consecutive_failures: 0, failed_deliveries: 0 }]);
    await sweep(ctx.db(), K1);

    await ctx.db().query('UPDATE webhooks SET secret = $2 WHERE id = $1::uuid', [broken.id, secret]);
    // Another worker does not wait for as long as the one that holds it.
    const second = await startTestWorker(ctx.db(), { keyring: KEYRING });
    await deliveryWith(ctx.db(), id, 'success');
    await second.stop(2_000);
    const request = receiver.requests.find(({ headers }) => headers['x-webhook-delivery'] === id);
    if (request === undefined) throw new Error('the delivery did not come');
    await expect(verifyWebhook(request, broken.secret)).resolves.toBeDefined();
  });
});

describeOnPostgres('keys of secrets', (ctx) => {
  afterEach(() => forgetAll(ctx.db()));

  it('encrypt nothing while a worker lives that does not hold them', async () => {
    const webhook = await createWebhook(ctx.db(), 'http://127.0.0.1:9/hook');
    const without = await startTestWorker(ctx.db());
    await sweep(ctx.db(), K1);
    expect(await stored(ctx.db(), webhook.id)).toMatchObject({ secret: webhook.secret, secret_key_id: null });
    // Another key of the same id is none.
    const wrong = await startTestWorker(ctx.db(), { keyring: keyringOf(newKey('k1')) });
    await without.stop(2_000);
    await sweep(ctx.db(), K1);
    expect(await stored(ctx.db(), webhook.id)).toMatchObject({ secret_key_id: null });
    await wrong.stop(2_000);
    const right = await startTestWorker(ctx.db(), { keyring: KEYRING });
    await sweep(ctx.db(), K1);
    expect(await stored(ctx.db(), webhook.id)).toMatchObject({ secret_key_id: 'k1' });
    await right.stop(2_000);
  });

  it('that are in use keep a worker from starting without them', async () => {
    await createWebhook(ctx.db(), 'http://127.0.0.1:9/hook');
    await sweep(ctx.db(), K1);
    for (const keyring of [undefined, keyringOf(newKey('k1')), keyringOf(newKey('k2'))]) {
      await expect(startTestWorker(ctx.db(), keyring && { keyring })).rejects.toMatchObject({
        code: 'HK051',
        message: expect.stringContaining('k1'),
      });
    }
    // An earlier version, which knows of no keys, signs on like this.
    const beat =
      "INSERT INTO hookline.workers AS w (id, name) VALUES (gen_random_uuid(), 'earlier') ON CONFLICT (id) DO UPDATE SET heartbeat_at = now()";
    await expect(asService(ctx.db(), (tx) => tx.query(beat, []))).rejects.toMatchObject({ code: 'HK051' });
    expect((await ctx.db().query('SELECT FROM hookline.workers', [])).rows).toEqual([]);
  });
});
