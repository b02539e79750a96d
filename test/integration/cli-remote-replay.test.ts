import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createUser } from '../harness/databases.js';
import { createWebhook } from '../harness/delivering.js';
import { startTerminal } from '../harness/terminal.js';
import { sign, userClaims } from './api-tokens.js';
import { openScene, type Scene } from './cli-live-helpers.js';
import { type Run, runnerOf } from './cli-remote-helpers.js';
import { putMany, watchUntil, withLoops } from './replay-helpers.js';

interface Replay {
  readonly id: string;
  readonly state: string;
  readonly total: number;
}

describe('hookline replay', { timeout: 60_000 }, () => {
  let scene: Scene;
  let owner: string;
  let own: Run;
  beforeAll(async () => {
    scene = await openScene();
    owner = await createUser(scene.db);
    own = await runnerOf(scene.url, owner);
  });
  afterAll(() => scene.close());

  async function webhookWith(failed: number) {
    const webhook = await createWebhook(scene.db, scene.subscriber.url, {}, owner);
    await putMany(scene.db, webhook, 'failed', failed);
    return webhook;
  }
  const replaysOf = async (id: string) =>
    (await own(['replay', 'list', '--webhook', id, '--json'])).json<{ data: Replay[] }>().data;

  it('counts first, and begins nothing unless it is told to', async () => {
    const { id } = await webhookWith(6);
    const dry = await own(['replay', id, '--since', '2h', '--dry-run']);
    expect(dry).toMatchObject({ code: 0, out: `Would send again: 6 deliveries of test (${scene.subscriber.url}).\n` });
    expect((await own(['replay', id, '--since', '2h', '--dry-run', '--json'])).json()).toEqual({ total: 6 });
    expect(await own(['replay', id, '--since', '1m'])).toMatchObject({
      code: 0,
      out: 'There is nothing to send again.\n',
    });
    const asked = await own(['replay', id, '--since', '2h', '--rate', '2']);
    expect(asked).toMatchObject({ code: 2, out: '', err: expect.stringContaining('6 deliveries of test') });
    expect(asked.err).toMatch(/, 3 s at 2 a second\.\nerror: Send them again\? .*--yes/);
    expect(await replaysOf(id)).toEqual([]);
  });

  it('sends them again, and comes back at the end', async () => {
    const { id } = await webhookWith(6);
    const before = scene.subscriber.requests.length;
    const ran = await withLoops(scene.db, 1, () => own(['replay', id, '--since', '2h', '--rate', '1000', '--yes']));
    expect(ran.code, ran.err).toBe(0);
    expect(ran.out).toMatch(/^state +completed$/m);
    expect(ran.out).toMatch(/^made +6 of 6 deliveries$/m);
    await scene.subscriber.waitFor(before + 6);
    const [replay] = await replaysOf(id);
    expect(replay).toMatchObject({ state: 'completed', total: 6 });
    expect((await own(['replay', 'list'])).out).toMatch(/^ID +STATE +MADE +BEGUN +ENDED +OF +WEBHOOK\n/);
    expect((await own(['replay', 'show', replay?.id ?? '', '--json'])).json()).toMatchObject({ id: replay?.id });
    expect((await own(['replay', 'cancel', replay?.id ?? ''])).out).toBe(
      'It was completed before: 6 deliveries were made.\n',
    );
  });

  it('ends with 1 when somebody cancels it meanwhile, and does not wait with --no-wait', async () => {
    const { id } = await webhookWith(3);
    const begun = await own(['replay', id, '--since', '2h', '--yes', '--no-wait', '--json']);
    expect(begun).toMatchObject({ code: 0, err: '' });
    const replay = begun.json<Replay & Record<string, unknown>>();
    expect(replay).toMatchObject({ state: 'running', total: 3 });
    const second = await own(['replay', id, '--since', '2h', '--yes']);
    expect(second).toMatchObject({
      code: 1,
      err: expect.stringMatching(/Hint: {2}hookline replay list .*\nCode: {2}replay_running/),
    });
    expect((await own(['replay', 'cancel', replay.id])).out).toBe('Cancelled: 0 deliveries were made.\n');
    const shown = await own(['replay', 'show', replay.id, '--wait']);
    expect(shown).toMatchObject({ code: 1, out: expect.stringMatching(/^state +cancelled$/m) });
    expect(shown.err).toContain('Code:  replay_not_completed');
  });

  it('asks on a terminal, shows a bar, and Ctrl-C leaves the replay running', async () => {
    const webhook = await webhookWith(500);
    const env = { HOOKLINE_URL: scene.url, HOOKLINE_TOKEN: await sign(userClaims(owner)) };
    const terminal = startTerminal(['replay', webhook.id, '--since', '2h', '--rate', '10'], env);
    try {
      await terminal.waitForOutput('Send them again? [y/N]');
      expect(terminal.output()).toContain('500 deliveries of test');
      terminal.type('y\r');
      await withLoops(scene.db, 1, async () => {
        await terminal.waitForOutput(' of 500, about ');
        expect(terminal.output()).toMatch(/░ \d %, \d+ of 500, about \d+ s left/);
        terminal.ctrlC();
        expect(await terminal.ended()).toBe(130);
      });
    } finally {
      terminal.close();
    }
    const [replay] = await replaysOf(webhook.id);
    expect(terminal.output()).toContain(`To end it: hookline replay cancel ${replay?.id}`);
    expect(replay).toMatchObject({ state: 'running' });
    expect((await own(['replay', 'cancel', replay?.id ?? ''])).code).toBe(0);
    await watchUntil(scene.db, webhook, replay?.id ?? '', ({ state }) => state === 'cancelled');
  });
});
