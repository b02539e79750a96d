import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type HooklineProcess, startHooklineProcess } from '../harness/hookline-process.js';
import { fillDataDir } from '../harness/pglite-databases.js';
import { type ReceiverServer, startReceiver } from '../harness/receiver-server.js';

const EXAMPLE = fileURLToPath(new URL('../../examples/supabase/', import.meta.url));

describe('examples/supabase', () => {
  let dataDir: string;
  let hookline: HooklineProcess;
  let receiver: ReceiverServer;
  let url: string;
  beforeAll(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'hookline-example-'));
    await fillDataDir(inject('runFolder'), dataDir);
    receiver = await startReceiver();
    hookline = startHooklineProcess(['start'], {
      ...{ HOOKLINE_DATA_DIR: dataDir, PORT: '0', HOOKLINE_ALLOW_NETWORKS: '127.0.0.0/8', LOG_LEVEL: 'info' },
    });
    await hookline.waitForOutput('Listening on http', 60_000);
    url = /Listening on (http:\/\/[\d.:]+)/.exec(hookline.output())?.[1] ?? '';
  });
  afterAll(async () => {
    await hookline.end('SIGTERM');
    await receiver.close();
    rmSync(dataDir, { recursive: true });
  });

  it('runs against a Hookline on the embedded database', async () => {
    const keys: { serviceKey: string; jwtSecret: string } = JSON.parse(
      readFileSync(join(dataDir, 'keys.json'), 'utf8'),
    );
    const token = await run('user-token.ts', [randomUUID()], { JWT_SECRET: keys.jwtSecret });
    const output = await run('main.ts', [], {
      ...{ WEBHOOKS_API_URL: url, ANON_KEY: 'none', SERVICE_KEY: keys.serviceKey, USER_TOKEN: token.trim() },
      ...{ WEBHOOK_URL: receiver.url, NODE_OPTIONS: '--experimental-websocket' },
    });
    expect(output.split('\n')).toEqual([
      expect.stringMatching(/^created: webhook [0-9a-f-]{36}, subscribed to video.failed and video.generated$/),
      'refused to the user: 42501 permission denied for function trigger_webhook_event',
      'triggered by the service: 1 delivery',
      expect.stringMatching(/^delivered: \{"total_deliveries":1,"successful_deliveries":1,/),
      '',
    ]);
    expect(receiver.requests.map(({ body }) => JSON.parse(body.toString()))).toEqual([
      { video_id: 'v1', status: 'completed' },
    ]);
  });
});

async function run(file: string, args: string[], env: Record<string, string>): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', join(EXAMPLE, file), ...args], {
    env: { PATH: process.env['PATH'], ...env },
    cwd: fileURLToPath(new URL('../../', import.meta.url)),
  });
  return stdout;
}
