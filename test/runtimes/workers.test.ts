import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { Miniflare } from 'miniflare';
import { describe, expect, it } from 'vitest';
import { answered } from './http-receiver.js';
import { describeRuntime } from './scenario.js';
import { buildWorkerExample, WORKER_EXAMPLE } from './worker-example.js';

const PATH = '/webhooks/modelriver';
/** workerd's own way to start `scheduled`, which answers with its outcome. */
const SCHEDULED = '/cdn-cgi/handler/scheduled?cron=*+*+*+*+*';

const settings = await readFile(join(WORKER_EXAMPLE, 'wrangler.jsonc'), 'utf8');
const OWN_DATE = /"compatibility_date": "([\d-]+)"/.exec(settings)?.[1] ?? '';
/** The first with the standard's URL. Streams and `fetch` are the older ones there, and Node's APIs cannot be had. */
const OLD_DATE = '2021-11-02';

let built: Promise<string> | undefined;

interface Worker {
  readonly origin: URL;
  end(): Promise<void>;
}

/** The example's worker in workerd, as wrangler would deploy it. */
async function startWorker(bindings: Readonly<Record<string, string>>, compatibilityDate: string): Promise<Worker> {
  built ??= buildWorkerExample();
  const miniflare = new Miniflare({
    ...{ modules: true, script: await built, bindings: { ...bindings }, compatibilityDate },
    unsafeTriggerHandlers: true,
    // Else it asks Cloudflare where it is.
    cf: false,
    // What the receiver logs would fill the suite's output.
    handleRuntimeStdio: (stdout: Readable, stderr: Readable) => void [stdout, stderr].map((stream) => stream.resume()),
  });
  return { origin: await miniflare.ready, end: () => miniflare.dispose() };
}

for (const [name, compatibilityDate] of [
  ["the example's date", OWN_DATE],
  ['an old date', OLD_DATE],
] as const) {
  describeRuntime({
    name: `Cloudflare Workers with ${name}`,
    hasWaitUntil: true,
    async start(env) {
      const { origin, end } = await startWorker(env, compatibilityDate);
      return {
        async post(body, headers) {
          return answered(await fetch(new URL(PATH, origin), { method: 'POST', headers, body }));
        },
        async drain() {
          expect(await (await fetch(new URL(SCHEDULED, origin))).text()).toBe('ok');
        },
        end,
      };
    },
  });
}

describe('examples/cloudflare-worker', () => {
  it('takes nothing but POST, at one path, and says when it is not configured', async () => {
    const { origin, end } = await startWorker({}, OWN_DATE);
    try {
      expect((await fetch(new URL('/', origin), { method: 'POST' })).status).toBe(404);
      const got = await fetch(new URL(PATH, origin));
      expect([got.status, got.headers.get('allow')]).toEqual([405, 'POST']);
      expect(await answered(await fetch(new URL(PATH, origin), { method: 'POST', body: '{}' }))).toEqual({
        status: 503,
        body: { code: 'not_configured', error: expect.any(String) },
        retryAfter: '60',
      });
      expect(await (await fetch(new URL(SCHEDULED, origin))).text()).toBe('exception');
    } finally {
      await end();
    }
  }, 120_000);
});
