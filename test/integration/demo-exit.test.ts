import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { startHooklineProcess } from '../harness/hookline-process.js';
import { waitUntil } from '../harness/wait-until.js';

/** Expects what happens in a demo, in that order. */
function expectEveryStep(timeline: string): void {
  const inOrder = [
    'video.generated for the demo user, signed',
    'Hookline verified the webhook and answered 200',
    'attempt 1, signature verified ▶ answers 500',
    'attempt 2, signature verified ▶ answers 500',
    'attempt 3, signature verified ▶ answers 200',
    'subscriber A refused it with 401',
    '"total_deliveries":1,"successful_deliveries":1',
  ];
  const places = inOrder.map((text) => timeline.indexOf(text));
  expect(places).not.toContain(-1);
  expect(places).toEqual([...places].sort((a, b) => a - b));
  expect(timeline).toContain('◀ callback: stored as record');
}

describe('hookline demo', { timeout: 180_000 }, () => {
  let dataDir: string;
  beforeAll(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'hookline-demo-'));
  });
  afterAll(() => {
    rmSync(dataDir, { recursive: true });
  });

  it('--exit shows every step and ends with 0 under 60 s', async () => {
    const startedAt = performance.now();
    const demo = startHooklineProcess(['demo', '--exit', '--data-dir', dataDir], {});
    expect(await demo.ended(), demo.output()).toBe(0);
    expect(performance.now() - startedAt).toBeLessThan(60_000);
    expectEveryStep(demo.output());
    expect(demo.output()).toContain('steps were seen to happen');
    expect(existsSync(join(dataDir, 'keys.json'))).toBe(true);
  });

  it('goes on serving without --exit, on the data of the first time, prints what to try next, and ends with 0 on SIGINT', async () => {
    const demo = startHooklineProcess(['demo', '--data-dir', dataDir], {});
    await demo.waitForOutput('Ctrl-C ends the demo.', 60_000);
    expectEveryStep(demo.output());
    const curl = /curl -s -w '\\n' (\S+)\/v1\/events .*?-H 'Idempotency-Key: (.*?)'.*?-d '(.*?)'/s.exec(demo.output());
    expect(curl).not.toBeNull();
    const [, url = '', key = '', body = ''] = curl ?? [];
    expect(body).toContain(`"user_id":"${/^try-(.{8})$/.exec(key)?.[1]}`);
    const { serviceKey }: { serviceKey: string } = JSON.parse(readFileSync(join(dataDir, 'keys.json'), 'utf8'));
    const answer = await fetch(`${url}/v1/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${serviceKey}`, 'content-type': 'application/json' },
      body,
    });
    expect(answer.status).toBe(202);
    expect(demo.output()).toContain(`The dashboard, signed in as the demo user: ${url}/\n`);
    // As a browser asks for it there.
    const given = await fetch(`${url}/v1/session`, { headers: { 'sec-fetch-site': 'same-origin' } });
    expect(await given.json()).toMatchObject({ kind: 'user', access: 'write', user_id: JSON.parse(body).user_id });
    await waitUntil(() => /subscriber B ◀ credit\.added, attempt 3, .* answers 200/.test(demo.output()), {
      message: () => `credit.added at subscriber B:\n${demo.output()}`,
      timeoutMs: 30_000,
    });
    const second = startHooklineProcess(['demo', '--data-dir', dataDir], {});
    expect(await second.ended()).toBe(1);
    expect(second.output()).toMatch(/Hint: .*--data-dir.*\nCode: {2}data_dir_locked/);
    expect(second.output()).not.toMatch(/HOOKLINE_DATA_DIR|DATABASE_URL/);
    expect(await demo.end('SIGINT')).toBe(0);
    expect(demo.output()).toMatch(/Stopped\.\n$/);
  });

  it.each([
    ['SIGINT', [], 130],
    ['SIGTERM', ['--exit'], 143],
  ] as const)('stops after the running step on %s, and leaves the folder usable', async (signal, args, code) => {
    const demo = startHooklineProcess(['demo', ...args, '--data-dir', dataDir], {});
    await demo.waitForOutput('answers 500', 60_000);
    expect(await demo.end(signal), demo.output()).toBe(code);
    expect(demo.output()).toMatch(/Stopped\.\n$/);
    expect(demo.output()).not.toContain('the same webhook again');
    expect(existsSync(join(dataDir, 'hookline.lock'))).toBe(false);
  });

  it('stops when nobody reads it any more', async () => {
    const demo = spawn(process.execPath, [inject('program'), 'demo', '--data-dir', dataDir], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let errors = '';
    demo.stderr.on('data', (chunk: Buffer) => {
      errors += chunk.toString();
    });
    demo.stdout.once('data', () => demo.stdout.destroy());
    const [code] = await once(demo, 'exit');
    expect([code, errors]).toEqual([141, '']);
    expect(existsSync(join(dataDir, 'hookline.lock'))).toBe(false);
  });

  it('refuses the data of another Hookline', async () => {
    const other = join(dataDir, 'other');
    mkdirSync(join(other, 'pglite'), { recursive: true });
    const demo = startHooklineProcess(['demo', '--data-dir', other], {});
    expect(await demo.ended()).toBe(1);
    expect(demo.output()).toMatch(/Hint: .*--data-dir.*\nCode: {2}invalid_config/);
    expect(readdirSync(other)).toEqual(['pglite']);
  });
});
