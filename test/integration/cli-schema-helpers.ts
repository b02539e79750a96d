import { createHmac, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createWebhookHandler, type MapRecord, type Store } from '@hookline/receiver';
import { startHooklineProcess } from '../harness/hookline-process.js';
import type { TestPlanetscaleApi } from '../harness/planetscale-api.js';
import { type Ran, runCommand } from '../harness/run-command.js';

const SECRET = 'mr-webhook-secret';
const PAUSE_MS = 20;

export type Env = Readonly<Record<string, string>>;

/** The settings of a stand-in, as variables. */
export function environmentOf(settings: TestPlanetscaleApi['settings']): Env {
  return {
    HOOKLINE_PLANETSCALE_API: settings.api,
    PLANETSCALE_ORG: settings.organization,
    PLANETSCALE_DATABASE: settings.database,
    PLANETSCALE_SERVICE_TOKEN_ID: settings.tokenId,
    PLANETSCALE_SERVICE_TOKEN: settings.token,
  };
}

/** Runs `hookline schema …`; gives its exit code and all that it printed. */
export function schema(line: string, env: Env): Promise<Ran> {
  return runCommand(['schema', ...line.split(' ')], env);
}

/** The same in a process of its own, which has to end by itself. */
export async function schemaProcess(
  line: string,
  env: Env,
): Promise<{ code: number | NodeJS.Signals; output: string }> {
  const child = startHooklineProcess(['schema', ...line.split(' ')], env);
  return { code: await child.ended(), output: child.output() };
}

/** Runs one that has to end with 0, and gives the JSON that it prints. */
export async function json<T>(line: string, env: Env): Promise<T> {
  const { code, output } = await schema(`${line} --json`, env);
  if (code !== 0) throw new Error(`hookline schema ${line} ended with ${code}:\n${output}`);
  return JSON.parse(output) as T;
}

/** The code of the error, of one that has to fail with 1. */
export async function failure(line: string, env: Env): Promise<{ code: string; message: string; hint: string }> {
  const { code, output } = await schema(`${line} --json`, env);
  const told = output.split('\n').find((each) => each.startsWith('{"error":'));
  if (code !== 1 || told === undefined) throw new Error(`hookline schema ${line} ended with ${code}:\n${output}`);
  return (JSON.parse(told) as { error: { code: string; message: string; hint: string } }).error;
}

/** An AI gateway that sends webhooks to a handler, one after another, and keeps what is not answered 200. */
export interface Stream {
  /** What the handler fills columns with, from the next webhook on. */
  use(mapRecord: MapRecord | undefined): void;
  sent(): number;
  /** Waits until so many more were sent. */
  more(count: number): Promise<void>;
  /** Ends it; gives what failed. */
  stop(): Promise<string[]>;
}

export function startStream(store: Store): Stream {
  const failures: string[] = [];
  let mapping: MapRecord | undefined;
  let sent = 0;
  let stopped = false;
  const handle = createWebhookHandler({
    store,
    secret: SECRET,
    apiKey: 'mr-api-key',
    fetch: async () => new Response('{}'),
    mapRecord: (record, event) => mapping?.(record, event) ?? record,
  });
  const running = (async () => {
    while (!stopped) {
      const answer = await handle(webhook(sent));
      sent += 1;
      if (answer.status !== 200) failures.push(`webhook ${sent}: ${answer.status} ${await answer.text()}`);
      await sleep(PAUSE_MS);
    }
  })();
  return {
    use(mapRecord) {
      mapping = mapRecord;
    },
    sent: () => sent,
    async more(count) {
      const until = sent + count;
      while (sent < until && !stopped) await sleep(PAUSE_MS);
    },
    async stop() {
      stopped = true;
      await running;
      return failures;
    },
  };
}

function webhook(number: number): Request {
  const body = JSON.stringify({
    type: 'task.ai_generated',
    event: 'article.generated',
    channel_id: randomUUID(),
    ai_response: {
      data: {
        title: `Title ${number}`,
        description: 'Text – with “signs” 🙂',
        embedding_id: `emb_${number}`,
        quality_score: 0.5,
      },
    },
    callback_url: 'https://api.modelriver.com/v1/callback/1',
    customer_data: { category: 'news', number },
    meta: { model: 'm-1', provider: 'p' },
  });
  return new Request('http://localhost/api/webhooks/modelriver', {
    method: 'POST',
    headers: { 'mr-signature': createHmac('sha256', SECRET).update(body).digest('hex') },
    body,
  });
}
