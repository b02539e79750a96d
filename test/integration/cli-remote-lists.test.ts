import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createUser } from '../harness/databases.js';
import { runCommand } from '../harness/run-command.js';
import { quoted, runInTerminal, startTerminal } from '../harness/terminal.js';
import { SERVICE_KEY } from './api-client.js';
import { forge, sign, userClaims } from './api-tokens.js';
import { openScene, type Scene } from './cli-live-helpers.js';
import { runnerOf } from './cli-remote-helpers.js';

const LIST = ['webhooks', 'list'];
const URL = 'https://api.example.com/hooks';

interface Made {
  readonly id: string;
  readonly [member: string]: unknown;
}

describe('the command line, a server and a terminal', { timeout: 60_000 }, () => {
  let scene: Scene;
  let owner: string;
  beforeAll(async () => {
    scene = await openScene();
    owner = await createUser(scene.db);
    const run = await runnerOf(scene.url, owner);
    const url = `https://example.com/${'long/'.repeat(30)}`;
    for (const name of ['one', 'two']) await run(['webhooks', 'create', '--url', url, '--name', name]);
  });
  afterAll(() => scene.close());

  it('says of every wrong token what is wrong with it, and never the token', async () => {
    const tokens = [
      ['another-service-key', 'malformed_token'],
      [forge({ alg: 'none' }, userClaims(owner)), 'invalid_token'],
      [await sign(userClaims(owner), 'another-secret-of-32-characters!'), 'invalid_token'],
      [await sign(userClaims(owner, { exp: 1 })), 'token_expired'],
      [`hk_${'A'.repeat(43)}`, 'unknown_token'],
    ] as const;
    for (const [token, code] of tokens) {
      const ran = await runCommand(LIST, { HOOKLINE_URL: scene.url, HOOKLINE_TOKEN: token });
      expect(ran).toMatchObject({ code: 1, out: '', err: expect.stringContaining(`Code:  ${code}`) });
      expect(ran.err).toContain('Hint:  HOOKLINE_TOKEN takes');
      if (code === 'malformed_token') expect(ran.err).toContain("not the server's service key");
      expect(ran.err).not.toContain(token);
    }
  });

  it('has colours on a terminal, which NO_COLOR takes away, and fits its width', async () => {
    const env = { HOOKLINE_URL: scene.url, HOOKLINE_SERVICE_KEY: SERVICE_KEY };
    const [coloured, plain] = [startTerminal(LIST, env), startTerminal(LIST, { ...env, NO_COLOR: '1' })];
    expect(await Promise.all([coloured.ended(), plain.ended()])).toEqual([0, 0]);
    expect(coloured.output()).toContain('\u001b[1mID');
    expect(plain.output()).not.toContain('\u001b[');
    const lines = plain.output().trimEnd().split('\r\n');
    expect(lines).toHaveLength(3);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it('ends quietly when its reader has gone', async () => {
    const command = `${quoted(process.execPath)} ${quoted(inject('program'))} webhooks list --all --json`;
    const terminal = runInTerminal(`${command} | head -c 5; echo`, {
      HOOKLINE_URL: scene.url,
      HOOKLINE_SERVICE_KEY: SERVICE_KEY,
    });
    expect(await terminal.ended()).toBe(0);
    expect(terminal.output()).toBe('{"dat\r\n');
  });

  it("is the service's over everybody, and of one user's by --user", async () => {
    const [own, service] = [await runnerOf(scene.url, owner), await runnerOf(scene.url)];
    const args = ['webhooks', 'create', '--url', URL, '--name', 'Videos', '--event', 'video.generated', '--json'];
    const { id } = (await own(args)).json<Made>();
    const stranger = await runnerOf(scene.url, await createUser(scene.db));
    expect(await stranger(['webhooks', 'show', id])).toMatchObject({ code: 1, out: '' });
    const idsOf = async (...args: string[]) =>
      (await service(['webhooks', 'list', '--json', ...args])).json<{ data: Made[] }>().data.map((each) => each.id);
    expect(await idsOf('--limit', '1')).toEqual([id]);
    expect(await idsOf('--user', owner)).toContain(id);
    const other = await service(['webhooks', 'list', '--user', randomUUID()]);
    expect(other.out + other.err).not.toContain(id);
    const external = await service(['token', 'create', '--user', 'user_456']);
    expect(external.code, external.err).toBe(0);
    const made = await service([
      'webhooks',
      'create',
      '--url',
      URL,
      '--name',
      'Theirs',
      '--user',
      'user_456',
      '--json',
    ]);
    expect(await idsOf('--user', 'user_456')).toEqual([made.json<Made>().id]);
    const inUse = await service(['events', 'delete', 'video.generated', '--yes']);
    expect(inUse).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringContaining('events edit <event-type> --disable'),
    });
    const refused = await own(['webhooks', 'list', '--user', owner]);
    expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('HOOKLINE_SERVICE_KEY') });
  });

  it('goes on where a page ended, in order, and never twice', async () => {
    const user = await createUser(scene.db);
    const run = await runnerOf(scene.url, user);
    const made: string[] = [];
    for (let n = 0; n < 5; n++) {
      const ran = await run(['webhooks', 'create', '--url', URL, '--name', `n${n}`, '--json']);
      made.unshift(ran.json<Made>().id);
    }
    const first = await run(['webhooks', 'list', '--limit', '2', '--json']);
    const { data, next_cursor: cursor } = first.json<{ data: Made[]; next_cursor: string }>();
    const rest = await run(['webhooks', 'list', '--all', '--cursor', cursor, '--json']);
    const after = rest.json<{ data: Made[]; next_cursor: null }>();
    expect([...data, ...after.data].map(({ id }) => id)).toEqual(made);
    expect(after.next_cursor).toBeNull();
    const table = await run(['webhooks', 'list', '--limit', '2']);
    expect(table.err).toBe('There are more webhooks: --limit, or --all.\n');
    expect((await run(['webhooks', 'list', '--condition', 'failing'])).err).toBe('There are no such webhooks.\n');
  });

  it('keeps what others wrote from the terminal, and fits it', async () => {
    const user = await createUser(scene.db);
    const run = await runnerOf(scene.url, user);
    const name = '\u001b]0;owned\u0007\u009b2J\u202e\r\nfake-row 視頻視頻視頻視頻視頻視頻視頻';
    expect((await run(['webhooks', 'create', '--url', URL, '--name', name])).code).toBe(0);
    for (const columns of [undefined, 200, 90, 70, 20]) {
      const { out, code } = await run(['webhooks', 'list'], columns === undefined ? {} : { columns });
      expect(code).toBe(0);
      // Colours are the only sequences.
      // biome-ignore lint/suspicious/noControlCharactersInRegex: it is about them
      expect(out.replace(/\u001b\[\d+m/g, '')).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
      expect(out).not.toMatch(/^fake-row/m);
      if (columns === undefined) expect(out.trimEnd().split('\n')).toHaveLength(2);
      if (columns === undefined) expect(out).toContain('fake-row 視頻視頻視頻視頻視頻視頻視頻');
    }
    const { out, json } = await run(['webhooks', 'list', '--json']);
    expect(out).not.toMatch(/[\u009b\u202e]/);
    expect(json<{ data: Made[] }>().data[0]?.['name']).toBe(name);
  });
});
