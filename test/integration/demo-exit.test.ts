import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHooklineProcess } from '../harness/hookline-process.js';
import { waitUntil } from '../harness/wait-until.js';

describe('hookline demo', { timeout: 180_000 }, () => {
  let dataDir: string;
  beforeAll(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'hookline-demo-'));
  });
  afterAll(() => {
    rmSync(dataDir, { recursive: true });
  });

  it('--exit shows every step and ends with 0 under 60 s; again on the data of the first time', async () => {
    for (let run = 0; run < 2; run += 1) {
      const startedAt = performance.now();
      const demo = startHooklineProcess(['demo', '--exit', '--data-dir', dataDir], {});
      expect(await demo.ended(), demo.output()).toBe(0);
      expect(performance.now() - startedAt).toBeLessThan(60_000);
      const timeline = demo.output();
      const inOrder = [
        'video.generated for the demo user, signed',
        'Hookline verified the webhook and answered 200',
        'attempt 1, signature verified ▶ answers 500',
        'attempt 2, signature verified ▶ answers 500',
        'attempt 3, signature verified ▶ answers 200',
        'subscriber A refused it with 401',
        '"total_deliveries":1,"successful_deliveries":1',
        'steps were seen to happen',
      ];
      const places = inOrder.map((text) => timeline.indexOf(text));
      expect(places).not.toContain(-1);
      expect(places).toEqual([...places].sort((a, b) => a - b));
      expect(timeline).toContain('◀ callback: stored as record');
    }
    expect(existsSync(join(dataDir, 'keys.json'))).toBe(true);
  });

  it('goes on serving without --exit, prints what to try next, and ends with 0 on SIGINT', async () => {
    const demo = startHooklineProcess(['demo', '--data-dir', dataDir], {});
    await demo.waitForOutput('Ctrl-C ends the demo.', 60_000);
    const curl = /curl -s (\S+)\/v1\/events .*?-d '(.*?)'/s.exec(demo.output());
    expect(curl).not.toBeNull();
    const [, url = '', body = ''] = curl ?? [];
    const { serviceKey }: { serviceKey: string } = JSON.parse(readFileSync(join(dataDir, 'keys.json'), 'utf8'));
    const answer = await fetch(`${url}/v1/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${serviceKey}`, 'content-type': 'application/json' },
      body,
    });
    expect(answer.status).toBe(202);
    await waitUntil(() => /subscriber B ◀ credit\.added, attempt 3, .* answers 200/.test(demo.output()), {
      message: () => `credit.added at subscriber B:\n${demo.output()}`,
    });
    expect(await demo.end('SIGINT')).toBe(0);
  });
});
