import { afterAll, beforeAll, expect, it } from 'vitest';
import { FUNCTIONS } from '../../src/api/rpc/functions.js';
import { asService } from '../../src/db/roles.js';
import { createUser, describeOnPostgres } from '../harness/databases.js';
import { createWebhook, trigger } from '../harness/delivering.js';
import { callRpc, serveApi } from './api-client.js';
import { openApiOf, operationsOf } from './api-contract.js';

/** Bodies that are right, so that nothing but the access is wrong. Of a path that is not here the empty object is sent. */
const BODIES: Readonly<Record<string, object>> = {
  'POST /v1/webhooks': { name: 'n', url: 'https://example.com/hook' },
  'PATCH /v1/webhooks/{webhook_id}': { name: 'changed' },
  'PUT /v1/webhooks/{webhook_id}/subscriptions/{event_type}': { is_active: false },
  'PATCH /v1/webhooks/{webhook_id}/subscriptions/{event_type}': { is_active: false },
  'PUT /v1/webhooks/{webhook_id}/headers': { headers: { 'x-tenant': 'a' } },
  'POST /v1/webhooks/{webhook_id}/replays': { since: '2020-01-01T00:00:00Z' },
  'POST /v1/api-keys': { name: 'n', access: 'read' },
};

describeOnPostgres('read access', (ctx) => {
  let served: Awaited<ReturnType<typeof serveApi>>;
  let user: string;
  let hook: string;
  let delivery: string;
  let hidden: readonly string[];
  const bearers: Record<'api_key' | 'portal_token', string> = { api_key: '', portal_token: '' };
  beforeAll(async () => {
    served = await serveApi(ctx.db());
    user = await createUser(ctx.db());
    ({ id: hook } = await createWebhook(ctx.db(), 'https://example.com/hook', {}, user));
    delivery = String((await trigger(ctx.db(), user, {}))[0]);
    await ctx.db().query("UPDATE webhook_deliveries SET status = 'failed' WHERE id = $1::uuid", [delivery]);
    const { rows } = await ctx
      .db()
      .query<{ hidden: string[] }>(
        'SELECT ARRAY[secret, verification_token] AS hidden FROM webhooks WHERE id = $1::uuid',
        [hook],
      );
    hidden = rows[0]?.hidden ?? [];
    for (const kind of ['api_key', 'portal_token'] as const) {
      const made = await asService(ctx.db(), (tx) =>
        tx.query<{ token: string }>(
          "SELECT token FROM hookline.create_access_token($1, $2::uuid, 'n', 'read', '1 hour')",
          [kind, user],
        ),
      );
      bearers[kind] = made.rows[0]?.token ?? '';
    }
  });
  afterAll(() => served.app.close());

  /** Every row of the user, but the times at which the tokens were used. */
  async function everything(): Promise<unknown> {
    const { rows } = await ctx.db().query(
      `SELECT (SELECT json_agg(w ORDER BY id)::text FROM webhooks w WHERE user_id = $1::uuid) AS webhooks,
              (SELECT json_agg(s ORDER BY s.id)::text FROM webhook_event_subscriptions s JOIN webhooks w ON w.id = webhook_id WHERE user_id = $1::uuid) AS subscriptions,
              (SELECT json_agg(d ORDER BY id)::text FROM webhook_deliveries d WHERE user_id = $1::uuid) AS deliveries,
              (SELECT json_agg(r ORDER BY id)::text FROM webhook_replays r WHERE user_id = $1::uuid) AS replays,
              (SELECT json_agg(json_build_array(id, revoked_at) ORDER BY id)::text FROM webhook_access_tokens WHERE user_id = $1::uuid) AS tokens`,
      [user],
    );
    return rows[0];
  }
  async function holdingStill(fn: () => Promise<unknown>): Promise<void> {
    const before = await everything();
    await fn();
    expect(await everything()).toEqual(before);
  }

  const values: Readonly<Record<string, () => unknown>> = {
    p_webhook_id: () => hook,
    p_delivery_id: () => delivery,
    p_replay_id: () => delivery,
    p_token_id: () => delivery,
    p_name: () => 'n',
    p_url: () => 'https://example.com/hook',
    p_access: () => 'read',
    p_event_types: () => ['credit.added'],
    p_event_type: () => 'video.generated',
    p_payload: () => ({}),
    p_since: () => '2020-01-01T00:00:00Z',
    p_headers: () => ({ 'x-tenant': 'a' }),
  };

  it.each([...FUNCTIONS.values()].map((fn) => [fn.name, fn] as const))(
    'by rpc %s changes nothing',
    async (name, fn) => {
      const given = Object.fromEntries(fn.required.map((parameter) => [parameter, values[parameter]?.() ?? null]));
      await holdingStill(async () => {
        for (const bearer of Object.values(bearers)) {
          const { status, json, text } = await callRpc(served.url, name, given, { bearer });
          for (const secret of hidden) expect(text).not.toContain(secret);
          const code = (json as { code?: string }).code;
          if (fn.readOnly) expect([status, text]).toEqual([200, expect.any(String)]);
          else if (name.endsWith('_api_key') || name.endsWith('_access_token'))
            expect([status, code]).toEqual([400, 'HK016']);
          else expect([status, code]).toEqual([403, expect.stringMatching(/^(25006|42501)$/)]);
        }
      });
    },
  );

  it('by rpc is refused in PostgREST’s form, which says why', async () => {
    const given = { p_name: 'n', p_url: 'https://example.com/hook' };
    const { status, json } = await callRpc(served.url, 'create_webhook', given, { bearer: bearers.api_key });
    expect(status).toBe(403);
    expect(json).toEqual({
      code: '25006',
      message: 'This key or token may only read.',
      details: 'read_only_credential',
      hint: 'Call with one of access write.',
    });
  });

  it('by every route of the document changes nothing, and reads no secret', async () => {
    const document = await openApiOf(served.url);
    // The stream does not end; its own tests are about what it holds.
    const operations = operationsOf(document).filter((operation) => !operation.endsWith('/stream'));
    expect(operations.length).toBeGreaterThan(15);
    const at = { '{webhook_id}': hook, '{delivery_id}': delivery, '{event_type}': 'video.generated' };
    await holdingStill(async () => {
      for (const operation of operations) {
        const [method = '', template = ''] = operation.split(' ');
        const path = template.replaceAll(/\{\w+\}/g, (name) => at[name as keyof typeof at] ?? delivery);
        for (const bearer of Object.values(bearers)) {
          const response = await fetch(served.url + path, {
            method,
            headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
            ...(method !== 'GET' && { body: JSON.stringify(BODIES[operation] ?? {}) }),
          });
          const text = await response.text();
          for (const secret of hidden) expect([operation, text.includes(secret)]).toEqual([operation, false]);
          expect([operation, response.status < 500]).toEqual([operation, true]);
          if (operation in BODIES) expect([operation, response.status]).toEqual([operation, 403]);
        }
      }
    });
  });

  it.each([
    ['POST', (): string => '/v1/webhooks', BODIES['POST /v1/webhooks']],
    ['PATCH', (): string => `/v1/webhooks/${hook}`, { name: 'changed' }],
    ['DELETE', (): string => `/v1/webhooks/${hook}`, undefined],
    ['GET', (): string => `/v1/webhooks/${hook}/secret`, undefined],
    ['POST', (): string => '/v1/api-keys', BODIES['POST /v1/api-keys']],
    ['DELETE', (): string => `/v1/api-keys/${delivery}`, undefined],
  ] as const)('by %s of something that takes write access is refused with its code', async (method, path, body) => {
    for (const bearer of Object.values(bearers)) {
      const response = await fetch(served.url + path(), {
        method,
        headers: { authorization: `Bearer ${bearer}`, ...(body && { 'content-type': 'application/json' }) },
        ...(body && { body: JSON.stringify(body) }),
      });
      expect(await response.json()).toMatchObject({ status: 403, code: 'read_only_credential' });
    }
  });

  it('reads what is the user’s, and write access may write', async () => {
    for (const bearer of Object.values(bearers)) {
      const response = await fetch(`${served.url}/v1/webhooks/${hook}`, {
        headers: { authorization: `Bearer ${bearer}` },
      });
      expect([response.status, await response.json()]).toEqual([200, expect.objectContaining({ id: hook })]);
    }
    const { rows } = await asService(ctx.db(), (tx) =>
      tx.query<{ token: string }>(
        "SELECT token FROM hookline.create_access_token('api_key', $1::uuid, 'n', 'write', NULL)",
        [user],
      ),
    );
    const writer = { bearer: rows[0]?.token ?? '' };
    const retried = await callRpc(served.url, 'retry_failed_delivery', { p_delivery_id: delivery }, writer);
    expect(retried.json).toMatchObject([{ success: true }]);
  });
});
