import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { type HooklineProcess, startHooklineProcess } from '../harness/hookline-process.js';
import type { ReceiverServer } from '../harness/receiver-server.js';
import { freePorts } from '../harness/services/free-port.js';
import { waitUntil } from '../harness/wait-until.js';
import { expectFlow } from './bystander.js';
import { failingAtFirst, Scene } from './scene.js';

const USERS = 8;
const EVENTS = 25;

describe('workers in processes of their own (--workers)', () => {
  let scene: Scene;
  let receiver: ReceiverServer;
  let users: string[];
  beforeEach(async () => {
    scene = await Scene.open();
    receiver = await scene.receiver(failingAtFirst(20));
    users = await scene.users(USERS, receiver.url);
  });
  afterEach(async () => {
    await scene.close();
  });

  const startFleet = (count: number, env: Readonly<Record<string, string>> = {}) =>
    scene.startWorker({ args: ['worker', '--workers', String(count)], readyWhen: 'workers.started', env });
  const lines = (fleet: HooklineProcess, message: string) =>
    fleet
      .output()
      .split('\n')
      .filter((line) => line.includes(`"msg":"${message}`));

  /** The process ids of the workers that are signed on. */
  async function pids(): Promise<number[]> {
    const { rows } = await scene.db.query<{ name: string }>('SELECT name FROM hookline.workers ORDER BY name');
    return rows.map(({ name }) => Number(name.split(':').at(-1)));
  }

  it('are exchanged one by one under load: nothing is lost, nothing is sent twice, nobody waits', async () => {
    const metricsPort = await freePorts(2);
    const fleet = await startFleet(2, { HOOKLINE_METRICS_PORT: String(metricsPort) });
    const before = await pids();
    expect(before).toHaveLength(2);
    const bystander = await scene.bystander();
    for (let round = 1; round <= 2; round += 1) {
      fleet.signal('SIGHUP');
      while (lines(fleet, 'workers.exchange_done').length < round) {
        await scene.trigger(users, EVENTS);
        await sleep(200);
      }
    }
    const after = await pids();
    expect(after).toHaveLength(2);
    expect(after.filter((pid) => before.includes(pid))).toEqual([]);
    expect(lines(fleet, 'worker.ended')).toEqual([]);
    // Each has taken over the port of the one before it.
    for (const port of [metricsPort, metricsPort + 1]) {
      await waitUntil(() => readinessAt(port).then((status) => status === 200), {
        message: () => `a worker at port ${port}: ${lines(fleet, 'metrics.').join('\n')}`,
      });
    }
    await scene.finish(60_000);
    // No lease has to run out for it: what an old worker held, it sent or gave back.
    expectFlow(bystander, { mostWithinMs: 5_000, allWithinMs: 10_000 });
  }, 180_000);

  it('are started again when one is killed, and what it held is sent; a SIGTERM for all at once cuts nothing short', async () => {
    const fleet = await startFleet(2);
    await scene.trigger(users, 100);
    await receiver.waitFor(100, 40_000);
    const [victim = 0, other = 0] = await pids();
    process.kill(victim, 'SIGKILL');
    await scene.noteKilled(victim);
    await fleet.waitForOutput('worker.ended');
    await waitUntil(async () => (await pids()).some((pid) => pid !== victim && pid !== other), {
      message: 'another worker in its place',
      timeoutMs: 60_000,
    });
    await waitUntil(async () => (await scene.unended()) === 0, { message: 'all to end', timeoutMs: 60_000 });
    receiver.answerWith([{ delayMs: 1_500 }]);
    const [last] = await scene.trigger(users.slice(0, 1), 1);
    await waitUntil(() => receiver.requests.some(({ headers }) => headers['x-webhook-delivery'] === last), {
      message: 'a call that is under way',
    });
    // As systemd stops a service. The killed one may have held nothing, and its row is there until it is missed.
    for (const pid of [...(await pids()).filter((each) => each !== victim), fleet.pid]) process.kill(pid, 'SIGTERM');
    expect(await fleet.ended()).toBe(0);
    expect(lines(fleet, 'shutdown.cut_short')).toEqual([]);
    expect(await scene.unended()).toBe(0);
    await scene.finish(60_000);
  }, 180_000);

  it('end when their supervisor is killed', async () => {
    const fleet = await startFleet(2);
    const children = await pids();
    await fleet.end('SIGKILL');
    for (const pid of children) {
      await waitUntil(() => !isAlive(pid), { message: `process ${pid} to end`, timeoutMs: 30_000 });
    }
    // In good order: they have signed off.
    expect(await pids()).toEqual([]);
  }, 90_000);

  it('end in good order, too, when their supervisor has gone before they deliver', async () => {
    const url = new URL('../start/processes/worker-process.js', pathToFileURL(inject('program')));
    const code = `import { tellReady } from '${url}';
      process.once('disconnect', () => { tellReady(); setImmediate(() => console.log('lives')); });
      process.send('up');`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    const output = text(child.stdout ?? Readable.from([]));
    await once(child, 'message');
    child.disconnect();
    expect(await output).toBe('lives\n');
  });

  it('stop all when one cannot start, and say why; and need PostgreSQL', async () => {
    const wrong = startHooklineProcess(['worker', '--workers', '2'], {
      DATABASE_URL: 'postgres://nobody:x@127.0.0.1:1/none',
    });
    expect(await wrong.ended()).toBe(1);
    expect(wrong.output()).toContain('database_unavailable');
    expect(wrong.output()).toContain('worker_not_started');
    const embedded = startHooklineProcess(['start', '--workers', '2'], { PORT: '0' });
    expect(await embedded.ended()).toBe(1);
    expect(embedded.output()).toContain('needs_postgres');
    const nonsense = startHooklineProcess(['worker', '--workers', '0'], {});
    expect(await nonsense.ended()).toBe(2);
    expect(nonsense.output()).toContain('whole number, 1 to 64');
  }, 90_000);
});

async function readinessAt(port: number): Promise<number | undefined> {
  const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined);
  return answer?.status;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
