import { randomUUID } from 'node:crypto';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ASSETS_PREFIX, PAGE_PATHS } from '../../src/api/dashboard/paths.js';
import { nameSchemas } from '../../src/api/openapi/named-schemas.js';
import { openTestDatabase } from '../harness/databases.js';
import { serveApi } from './api-client.js';
import { contract, openApiOf, operationsOf } from './api-contract.js';

describe('the OpenAPI document', () => {
  let database: Awaited<ReturnType<typeof openTestDatabase>>;
  let served: Awaited<ReturnType<typeof serveApi>>;
  beforeAll(async () => {
    database = await openTestDatabase('postgres');
    served = await serveApi(database.db);
  });
  afterAll(async () => {
    await served.app.close();
    await database.drop();
  });

  it('is one of 3.1 in which a linter finds nothing', async () => {
    const response = await fetch(`${served.url}/openapi.json`);
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    const source = await response.text();
    expect(JSON.parse(source)['openapi']).toBe('3.1.0');
    const problems = await lintFromString({ source, config: await createConfig({ extends: ['recommended'] }) });
    const found = problems.map(({ ruleId, message, location }) => `${ruleId} ${location[0]?.pointer}: ${message}`);
    expect(found).toEqual([]);
  });

  it('names every route but those of other protocols and of pages', async () => {
    const routes: string[] = [];
    const note = (app: FastifyInstance) => {
      app.addHook('onRoute', ({ method, url }) => {
        if (PAGE_PATHS.includes(url) || url.startsWith(ASSETS_PREFIX)) return;
        const path = url.replaceAll(/:(\w+)/g, '{$1}');
        for (const one of [method].flat()) if (one !== 'HEAD' && one !== 'OPTIONS') routes.push(`${one} ${path}`);
      });
    };
    const another = await serveApi(database.db, { mount: note });
    const documented = operationsOf(await openApiOf(another.url));
    await another.app.close();
    expect(routes.length).toBeGreaterThan(documented.length);
    const others = / \/(docs|rest\/v1|graphql)(\/|$)/;
    expect(routes.filter((route) => !documented.includes(route) && !others.test(route))).toEqual([]);
    expect(documented.filter((route) => !routes.includes(route))).toEqual([]);
  });

  it('needs credentials for everything under /v1 but signing in and out', async () => {
    const { paths } = await openApiOf(served.url);
    const open = Object.entries(paths).flatMap(([path, item]) =>
      Object.values(item).flatMap(({ security }) => (security === undefined ? [] : [path])),
    );
    expect(open.filter((path) => path.startsWith('/v1'))).toEqual(['/v1/session', '/v1/session']);
  });

  it('names the conditions that a request may bear, and nowhere those that are not looked at', async () => {
    const { paths } = await openApiOf(served.url);
    const operations = Object.entries(paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, operation]) => ({ ...operation, name: `${method} ${path}` })),
    );
    const taking = (header: string) =>
      operations
        .filter(({ parameters = [] }) => parameters.some((one) => one.in === 'header' && one.name === header))
        .map(({ name }) => name)
        .sort();
    const answering = (status: string) =>
      operations
        .filter(({ responses }) => status in responses)
        .map(({ name }) => name)
        .sort();
    const webhook = '/v1/webhooks/{webhook_id}';
    const [subscription, type] = [`${webhook}/subscriptions/{event_type}`, '/v1/event-types/{event_type}'];
    const reads = [`get ${subscription}`, `get ${type}`, 'get /.well-known/webhook-keys'];
    const changes = [webhook, subscription, type].flatMap((path) => [`patch ${path}`, `delete ${path}`]);
    const sets = [`put ${subscription}`, `put ${webhook}/headers`, `delete ${webhook}/headers`];
    expect(answering('304')).toEqual(reads.sort());
    expect(answering('412')).toEqual([...changes, ...sets].sort());
    expect(taking('if-none-match')).toEqual([...reads, `put ${subscription}`].sort());
    expect(taking('if-match')).toEqual(answering('412'));
  });

  it('names every method of its paths: of another, 405 tells which there are', async () => {
    const { paths } = await openApiOf(served.url);
    const wrong: string[] = [];
    for (const [template, item] of Object.entries(paths)) {
      const path = template.replaceAll(/\{\w+\}/g, randomUUID());
      const methods = Object.keys(item).map((method) => method.toUpperCase());
      if (methods.includes('GET') && (await fetch(served.url + path, { method: 'HEAD' })).status !== 405) {
        methods.push('HEAD');
      }
      for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
        if (methods.includes(method)) continue;
        const response = await fetch(`${served.url}${path}?a=%zz`, { method });
        const allow = response.headers.get('allow')?.split(', ').sort().join();
        const { code } = method === 'HEAD' ? { code: 'method_not_allowed' } : JSON.parse(await response.text());
        if (response.status === 405 && allow === methods.sort().join() && code === 'method_not_allowed') continue;
        wrong.push(`${method} ${template}: ${response.status} ${code}, ${allow}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it.each(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'])('is all there is to %s', async (method) => {
    for (const path of ['/v1', '/v1/webhook', `/v1/webhooks/${randomUUID()}/nothing`, `/v1/nothing/${randomUUID()}`]) {
      const response = await fetch(served.url + path, { method });
      expect([path, response.status, response.headers.get('allow')]).toEqual([path, 404, null]);
    }
  });

  it('is there to read, and loads nothing from elsewhere', async () => {
    const page = await fetch(`${served.url}/docs`);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'self'");
    const html = await page.text();
    const linked = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link = '']) => new URL(link, page.url));
    expect(linked.length).toBeGreaterThan(3);
    for (const link of linked) {
      expect(link.origin).toBe(served.url);
      expect((await fetch(link)).status, link.pathname).toBe(200);
    }
  });

  it('refuses two schemas of one name', () => {
    const answer = (schema: object) => ({
      get: { responses: { 200: { content: { 'application/json': { schema } } } } },
    });
    const [a, b] = [
      { title: 'A', type: 'object' },
      { title: 'A', type: 'string' },
    ];
    expect(() => nameSchemas({ paths: { '/a': answer(a), '/b': answer(b) } })).toThrow('Two schemas are named A');
    const { paths, components } = nameSchemas({
      paths: { '/a': answer(a), '/b': answer({ type: 'array', items: a }) },
    });
    expect(JSON.stringify(paths).match(/"#\/components\/schemas\/A"/g)).toHaveLength(2);
    expect(components).toEqual({ schemas: { A: { type: 'object' } } });
  });

  it('is held: a call whose answer is not as it says fails', async () => {
    const forge = (app: FastifyInstance) => {
      app.addHook('onSend', async ({ headers }, reply, payload) => {
        reply.code(Number(headers['x-status'] ?? reply.statusCode));
        return headers['x-body'] ?? payload;
      });
    };
    const forging = await serveApi(database.db, { mount: forge });
    const call = await contract(forging.url);
    const forged = (headers: Record<string, string>) => call('GET', '/healthz', { headers });
    expect((await forged({})).status).toBe(200);
    await expect(call('GET', '/v1/nowhere')).rejects.toThrow('no operation');
    await expect(forged({ 'x-status': '418' })).rejects.toThrow('does not name this status');
    await expect(forged({ 'x-status': '503' })).rejects.toThrow('does not name application/json');
    await expect(forged({ 'x-body': '{"status":"ok"}' })).rejects.toThrow("must have required property 'database'");
    await expect(forged({ 'x-body': '{"status":"ok","database":"pglite","secret":"x"}' })).rejects.toThrow(
      'additional',
    );
    await forging.app.close();
  });
});
