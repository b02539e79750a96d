import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { addGatewaySimCommand } from '../../src/cli/commands/gateway-sim.js';
import { startHooklineProcess } from '../harness/hookline-process.js';
import { type Answer, type ReceivedRequest, type ReceiverServer, startReceiver } from '../harness/receiver-server.js';
import { API_KEY, callBack, callbackUrlIn, record, SECRET } from './gateway-sim-helpers.js';

const ENV = { MODELRIVER_WEBHOOK_SECRET: SECRET, MODELRIVER_API_KEY: API_KEY };

describe('hookline gateway-sim', { timeout: 120_000 }, () => {
  let receiver: ReceiverServer;
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'hookline-gateway-sim-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  beforeEach(async () => {
    receiver = await startReceiver();
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await receiver.close();
  });

  /** Answers webhooks by `answer`, and calls back after each; gives the statuses of the callbacks. */
  function callingBack(answer: (request: ReceivedRequest) => Answer = () => ({})): Array<Promise<number>> {
    const statuses: Array<Promise<number>> = [];
    receiver.answerWith((request, index) => {
      const call = callBack(callbackUrlIn(request), { body: record(String(index)) });
      statuses.push(call.then(({ status }) => status));
      return answer(request);
    });
    return statuses;
  }

  function start(args: readonly string[], env: Record<string, string> = ENV) {
    return startHooklineProcess(['gateway-sim', '--to', receiver.url, '--port', '0', ...args], env);
  }

  /** In this process: for what is refused before anything is started. */
  function parse(args: readonly string[]) {
    const program = new Command('hookline').exitOverride().configureOutput({ writeErr: () => undefined });
    addGatewaySimCommand(program);
    return program.parseAsync(['gateway-sim', '--to', receiver.url, ...args], { from: 'user' });
  }

  async function run(args: readonly string[], env: Record<string, string> = ENV) {
    const child = start(args, env);
    const code = await child.ended();
    return { code, output: child.output() };
  }

  it('sends what it makes, takes the callbacks, and ends with 0', async () => {
    const statuses = callingBack();
    const user = '6f1c0d1e-0000-4000-8000-000000000001';
    const { code, output } = await run(['--count', '40', '--event', 'video.generated', '--user', user]);
    expect(code, output).toBe(0);
    expect(receiver.requests).toHaveLength(40);
    for (const { body, headers } of receiver.requests) {
      expect(headers['mr-signature']).toBe(createHmac('sha256', SECRET).update(body).digest('hex'));
      expect(JSON.parse(body.toString())).toMatchObject({ event: 'video.generated', customer_data: { user_id: user } });
    }
    // Every answer is out before it ends, the last one's too.
    expect(await Promise.all(statuses)).toEqual(statuses.map(() => 200));
    expect(output.match(/ ▶ video\.generated ◀ 200 in \d+ ms\n/g)).toHaveLength(40);
    expect(output.match(/ ◀ callback: stored as record \d+ ▶ 200\n/g)).toHaveLength(40);
    expect(output).toContain('Webhooks:  40 sent in 40 attempts, 40 answered 2xx.\nNow:       40 called back.');
    expect(output).not.toContain(SECRET);
    expect(output).not.toContain(API_KEY);
  });

  it('tells of retries, refused and late callbacks and dead letters, and ends with 1', async () => {
    receiver.answerWith([{ status: 503, body: '{"error":\n "away\u001b[2J"}' }, {}]);
    const late = start(['--time-scale', '0.005', '--linger', '60']);
    await late.waitForOutput('timed out');
    const [request] = receiver.requests;
    if (request === undefined) throw new Error('no webhook came');
    await callBack(callbackUrlIn(request), { authorization: 'Bearer other' });
    await callBack(callbackUrlIn(request));
    await late.waitForOutput('▶ 410');
    expect(await late.end('SIGINT')).toBe(130);
    expect(late.output()).toMatch(/ ◀ 503 in \d+ ms {"error": "away\?\[2J"}, again in 25 ms\n/);
    expect(late.output()).toMatch(/, attempt 2 ◀ 200 in /);
    expect(late.output()).toMatch(/ ◀ callback unauthorized: .* ▶ 401\n/);
    expect(late.output()).toMatch(/ ◀ callback late: .* ▶ 410\n/);
    expect(late.output()).toMatch(/Now: {7}1 timed out\.\nCallbacks: 1 late, 1 unauthorized\.\n/);

    receiver.answerWith([{ status: 500 }]);
    const dead = await run(['--time-scale', '0.0001', '--count', '2']);
    expect(dead.code).toBe(1);
    expect(dead.output.match(/✘ dead letter after 8 attempts\n/g)).toHaveLength(2);
    expect(dead.output).toMatch(/Error: .*: 2 dead lettered\.\nHint: .*\nCode: {2}gateway_sim_failed/);
  });

  it('prints JSON alone with --json, and the summary last', async () => {
    callingBack();
    const { code, output } = await run(['--json', '--count', '2', '--legacy', '--shape', 'mixed', '--seed', 'x']);
    expect(code, output).toBe(0);
    const lines: Array<Record<string, unknown>> = output
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.filter(({ change }) => change === 'attempted')).toMatchObject([
      { attempt: 1, status: 200, error: null, again_in_ms: null, channel_id: expect.any(String) },
      { attempt: 1, status: 200 },
    ]);
    expect(lines.filter(({ change }) => change === 'callback')).toMatchObject([
      { verdict: 'accepted', status: 200, body: { data: { id: expect.any(String) } } },
      { verdict: 'accepted' },
    ]);
    expect(lines.at(-1)).toMatchObject({
      change: 'summary',
      sent: 2,
      answered: 2,
      states: { called_back: 2 },
      ok: true,
    });
    expect(receiver.requests.every(({ headers }) => headers['x-modelriver-signature'] !== undefined)).toBe(true);
  });

  it('replays files byte for byte at the rate, and says where their callbacks go', async () => {
    const body =
      '{ "type":"task.ai_generated","channel_id":"c","callback_url":"https://api.modelriver.com/v1/callback/c","n":1.0 }';
    writeFileSync(join(folder, 'recorded.jsonl'), `${body}\n{"type":"task.completed"}\n`);
    writeFileSync(join(folder, 'one.json'), ' {"n": 1}');
    const files = ['recorded.jsonl', 'one.json'].map((name) => join(folder, name));
    const { code, output } = await run(['--rate', '0.5', '--file', ...files]);
    expect(code, output).toBe(0);
    expect(receiver.requests.map((request) => request.body.toString())).toEqual([
      body,
      '{"type":"task.completed"}',
      ' {"n": 1}',
    ]);
    // Two gaps of 2 s; the first request may be late by what a new connection takes, and by what this process stood still.
    const times = receiver.requests.map(({ at }) => at);
    expect(Number(times[2]) - Number(times[0])).toBeGreaterThanOrEqual(1_500);
    expect(output).toContain('1 callback goes to https://api.modelriver.com');
    expect(output).toContain('3 delivered.');
  });

  it('ends on Ctrl-C with the summary, as that signal ends a process', async () => {
    receiver.answerWith([{ status: 500 }]);
    const child = start(['--count', '3']);
    await child.waitForOutput('again in 5 s');
    expect(await child.end('SIGINT')).toBe(130);
    expect(child.output()).toMatch(/Webhooks: {2}3 sent in \d attempts?, 0 answered 2xx\.\nNow: {7}3 waiting\.\n/);
  });

  it.each([
    ['MODELRIVER_WEBHOOK_SECRET', '--secret'],
    ['MODELRIVER_API_KEY', '--api-key'],
  ])('says that %s is missing', async (variable, option) => {
    for (const [name, value] of Object.entries(ENV)) vi.stubEnv(name, name === variable ? '' : value);
    await expect(parse([])).rejects.toMatchObject({
      code: 'invalid_config',
      hint: expect.stringMatching(new RegExp(`${variable}.*${option}`)),
    });
  });

  it.each([
    [['--to', 'ftp://x'], 'http or https URL'],
    [['--to', 'nonsense'], 'http or https URL'],
    [['--port', '65536'], '0 to 65535'],
    [['--count', '0'], '1 to 100000'],
    [['--rate', '-1'], '0.001 to 10000'],
    [['--time-scale', '0'], '0.0001 to 100'],
    [['--user', 'user_1'], 'UUID'],
    [['--callback-origin', 'http://x/y'], 'origin'],
    [['--shape', 'round'], 'Allowed choices'],
    [['--file', 'x', '--count', '2'], "cannot be used with option '--count <n>'"],
    [['surplus'], 'too many arguments'],
  ] as const)('refuses %j', async (args, told) => {
    await expect(parse(args)).rejects.toMatchObject({
      name: 'CommanderError',
      message: expect.stringContaining(told),
    });
  });

  it('explains itself', async () => {
    const { code, output } = await run(['--help']);
    expect(code).toBe(0);
    expect(output).toMatch(/Environment:\n {2}MODELRIVER_WEBHOOK_SECRET {2}/);
    expect(output).toMatch(/Examples:\n {2}\$ hookline gateway-sim/);
  });
});
