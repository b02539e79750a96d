import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeOnPostgres } from '../harness/databases.js';
import { type ContractedApi, serveContract } from '../integration/api-callers.js';
import { SERVICE_KEY } from '../integration/api-client.js';
import { openApiOf, operationsOf, templateOf } from '../integration/api-contract.js';
import { sign, userClaims } from '../integration/api-tokens.js';
import { difference, everyRow, type Row } from './acting.js';
import { HTTP_CALLS } from './http/matrix.js';
import { CALLERS, type HttpCaller } from './http/notation.js';
import { type Makers, withThings } from './http/things.js';
import { matrixFor } from './matrix/index.js';
import { makeWorld, type World } from './world.js';

// When a key was last used, who watches a stream, and the order of what streams tell, are written beside the request.
const BESIDE = [
  'hookline.access_tokens',
  'hookline.stream_watchers',
  'hookline.stream_state',
  'hookline.delivery_changes',
];
const EVERY_ROW = everyRow(matrixFor(true).tables.filter(({ table }) => !BESIDE.includes(table)));

describeOnPostgres('the tenancy matrix over HTTP', (ctx) => {
  let api: ContractedApi;
  let world: World;
  let makers: Makers;
  let bearers: Readonly<Record<HttpCaller, string | undefined>>;
  beforeAll(async () => {
    world = await makeWorld(ctx.db());
    await ctx.db().query('UPDATE hookline.settings SET webhooks_per_user = 10000, api_keys_per_user = 10000');
    api = await serveContract(ctx.db());
    const { owner, stranger } = world;
    const body = { name: 'reader', access: 'read', user_id: owner.id };
    const { body: reader } = await api.service<{ key: string }>('POST', '/v1/api-keys', { body });
    bearers = {
      anon: undefined,
      owner: await sign(userClaims(owner.id)),
      reader: reader.key,
      stranger: await sign(userClaims(stranger.id)),
      service: SERVICE_KEY,
    };
    makers = { db: ctx.db(), owner: owner.id, service: api.service };
  });
  afterAll(() => api.app.close());

  const look = async () => (await ctx.db().query<Row>(EVERY_ROW, [])).rows;
  const send = async (caller: HttpCaller, method: string, path: string, body: string | undefined) => {
    const response = await fetch(api.url + path, {
      method,
      headers: {
        ...(bearers[caller] !== undefined && { authorization: `Bearer ${bearers[caller]}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body }),
    });
    const endless = response.headers.get('content-type')?.startsWith('text/event-stream') ?? false;
    if (endless) await response.body?.cancel();
    return { status: response.status, text: endless ? '' : await response.text() };
  };

  it('has every operation of the OpenAPI document', async () => {
    const document = await openApiOf(api.url);
    const named = new Set(HTTP_CALLS.map(({ method, path }) => `${method} ${templateOf(document, method, path)}`));
    expect(operationsOf(document).filter((operation) => !named.has(operation))).toEqual([]);
  });

  for (const call of HTTP_CALLS) {
    it(`${call.method} ${call.path} ${call.body ?? ''}`, async () => {
      const statuses: Record<string, number> = {};
      for (const caller of CALLERS) {
        const [path, body] = (await withThings(`${call.path} ${call.body ?? ''}`, makers)).split(/ (.*)/s);
        const mayChange = caller === 'owner' || caller === 'service';
        const before = mayChange ? [] : await look();
        const { status, text } = await send(caller, call.method, path ?? '', body === '' ? undefined : body);
        statuses[caller] = status;
        if (mayChange) continue;
        const { gone, come } = difference(before, await look());
        const touched = [...gone, ...come];
        // What a stranger may do is done to their own.
        const wrong =
          status < 300 && caller === 'stranger' ? touched.filter(({ whose }) => whose !== world.stranger.id) : touched;
        expect(wrong, `what ${caller} changed`).toEqual([]);
        // The document names the fields.
        if (path === '/openapi.json') continue;
        if (caller === 'reader') expect(text, 'what reader is told').not.toMatch(/"(secret|verification_token)"\s*:/);
        else expect(text, `what ${caller} is told`).not.toContain(world.owner.id);
      }
      expect(statuses).toEqual(call.statuses);
    });
  }
});
