import { Command, CommanderError } from 'commander';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { addCompletionCommand } from '../../src/cli/commands/completion.js';
import { addListenCommand } from '../../src/cli/commands/listen.js';
import { addTailCommand } from '../../src/cli/commands/tail.js';
import { addTriggerCommand } from '../../src/cli/commands/trigger.js';

/** The command line without its process; what it prints is given back. */
async function hookline(...args: string[]): Promise<{ error: unknown; output: string }> {
  let output = '';
  const write = (text: string): void => {
    output += text;
  };
  const program = new Command('hookline').exitOverride().configureOutput({ writeOut: write, writeErr: write });
  for (const add of [addListenCommand, addTailCommand, addTriggerCommand, addCompletionCommand]) add(program);
  const error: unknown = await program.parseAsync(args, { from: 'user' }).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return { error, output };
}

const TO = ['--forward', 'http://localhost:3000/hook'];
const UUID = '0b0f5f0e-3f0a-4e0c-9b5d-2f6f0c7a9e11';

afterEach(() => vi.unstubAllEnvs());

describe.each(['listen', 'tail', 'trigger'])('hookline %s --help', (name) => {
  it('has its options, the environment it reads, and examples', async () => {
    const { output } = await hookline(name, '--help');
    expect(output).toContain(`Usage: hookline ${name} `);
    expect(output).toContain('--json');
    expect(output).toMatch(/Environment:\n {2}HOOKLINE_URL {2}/);
    expect(output).toMatch(new RegExp(`Examples:\\n {2}\\$ hookline ${name} ?`));
  });
});

describe('live commands, called wrongly', () => {
  it.each([
    [['listen'], "required option '--forward <url>' not specified"],
    [['listen', '--forward', 'localhost:3000'], 'It takes an http or https URL'],
    [['listen', '--forward', 'file:///etc/passwd'], 'It takes an http or https URL'],
    [['listen', '--forward', 'https://example.com/hook'], '--allow-remote takes any host'],
    [['listen', '--forward', 'http://192.0.2.1/'], '192.0.2.1 is not this machine'],
    [['listen', '--forward', 'http://[2001:db8::1]:80/'], '2001:db8::1 is not this machine'],
    [['listen', '--forward', 'http://0.0.0.0:3000/'], '0.0.0.0 is not this machine'],
    [['listen', '--forward', 'http://nowhere.invalid/'], 'nowhere.invalid is no known host'],
    [['listen', ...TO, '--concurrency', '0'], 'It takes a whole number'],
    [['listen', ...TO, '--answer-timeout', '1.5'], 'It takes a whole number'],
    [['listen', ...TO, '--header', 'no colon'], 'It takes a header'],
    [['listen', ...TO, '--header', 'Host: elsewhere'], 'It takes a header'],
    [['listen', ...TO, '--header', 'X-Two: a\r\nX-Three: b'], 'It takes a header'],
    [['listen', ...TO, '--webhook', '../secret'], 'It takes the id of a webhook'],
    [['listen', ...TO, '--event', '..'], 'It takes an event type'],
    [['listen', ...TO, '--user', ''], "It takes a user's UUID"],
    [['listen', ...TO, 'surplus'], 'too many arguments'],
    [['tail', '--limit', '-1'], 'It takes a whole number'],
    [['tail', '--status', 'done'], 'pending, success, retrying, failed'],
    [['tail', '--event', '\x1b[2J'], 'It takes an event type'],
    [['tail', '--url', 'ftp://example.com'], 'takes an http or https URL'],
    [['trigger', '--user', UUID, '--data', '{}'], "missing required argument 'event'"],
    [['trigger', 'a b', '--user', UUID, '--data', '{}'], 'It takes an event type'],
    [['trigger', 'video.generated', '--user', UUID], "required option '--data <json>' not specified"],
    [['trigger', 'video.generated', '--data', '{}'], 'say whose webhooks are told'],
    [['trigger', 'video.generated', '--data', '{}', '--user', UUID, '--broadcast'], 'cannot be used with option'],
    [['trigger', 'video.generated', '--data', '{}', '--broadcast', '--idempotency-key', 'ü'], 'printable ASCII'],
    [
      ['trigger', 'video.generated', '--data', '{}', '--broadcast', '--wait-at-most', 'soon'],
      'It takes a whole number',
    ],
    [
      ['trigger', 'video.generated', '--data', '{}', '--broadcast', '--wait-at-most', '2147484'],
      'It takes a whole number',
    ],
    [['completion'], "missing required argument 'shell'"],
    [['completion', 'csh'], 'bash, zsh, fish'],
  ])('%j', async (args, says) => {
    vi.stubEnv('HOOKLINE_TOKEN', 'some-token-of-tests');
    const { error, output } = await hookline(...args);
    expect(error).toBeInstanceOf(CommanderError);
    expect((error as CommanderError).exitCode).not.toBe(0);
    expect(output).toContain(says);
  });

  it.each([['listen', ...TO], ['tail'], ['trigger', 'video.generated', '--broadcast', '--data', '{}']])(
    'says that there is no token: %s',
    async (...args) => {
      for (const name of ['HOOKLINE_TOKEN', 'HOOKLINE_SERVICE_KEY']) vi.stubEnv(name, undefined);
      const { error } = await hookline(...args);
      expect(error).toMatchObject({ code: 'not_signed_in', hint: expect.stringContaining('HOOKLINE_TOKEN') });
    },
  );

  it('takes every form of this machine', async () => {
    for (const name of ['HOOKLINE_TOKEN', 'HOOKLINE_SERVICE_KEY']) vi.stubEnv(name, undefined);
    for (const host of ['localhost', '127.0.0.1', '127.8.8.8', '[::1]', '[::ffff:127.0.0.1]', '2130706433']) {
      const { error } = await hookline('listen', '--forward', `http://${host}:3000/`);
      expect(error, host).toMatchObject({ code: 'not_signed_in' });
    }
    const { error } = await hookline('listen', '--forward', 'http://192.0.2.1/', '--allow-remote');
    expect(error).toMatchObject({ code: 'not_signed_in' });
  });
});
