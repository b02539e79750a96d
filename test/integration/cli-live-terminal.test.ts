import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { createWebhook, trigger } from '../harness/delivering.js';
import { startHooklineProcess } from '../harness/hookline-process.js';
import { quoted, runInTerminal, startTerminal, type TerminalSession } from '../harness/terminal.js';
import { waitUntil } from '../harness/wait-until.js';
import { SERVICE_KEY } from './api-client.js';
import { openScene, type Scene } from './cli-live-helpers.js';
import { startLocal } from './cli-live-local.js';
import { olderTransactionsEnded } from './live-helpers.js';

const GREEN = '\x1b[32m';
const TO_LINE_START = '\r\x1b[K';

describe('in a real terminal', { timeout: 120_000 }, () => {
  let scene: Scene;
  const sessions: TerminalSession[] = [];
  beforeAll(async () => {
    scene = await openScene();
  });
  afterEach(() => {
    for (const session of sessions.splice(0)) session.close();
  });
  afterAll(() => scene.close());
  const env = (more: Readonly<Record<string, string>> = {}) => ({
    HOOKLINE_URL: scene.url,
    HOOKLINE_SERVICE_KEY: SERVICE_KEY,
    ...more,
  });
  const kept = (session: TerminalSession): TerminalSession => {
    sessions.push(session);
    return session;
  };

  it('tail has colours, but not with NO_COLOR, and ends with 0 on Ctrl-C', async () => {
    const { userId } = await createWebhook(scene.db, scene.subscriber.url);
    const args = ['tail', '--user', userId];
    const [coloured, uncoloured] = [startTerminal(args, env()), startTerminal(args, env({ NO_COLOR: '1' }))].map(kept);
    if (coloured === undefined || uncoloured === undefined) throw new Error('no sessions');
    await Promise.all([coloured, uncoloured].map((session) => session.waitForOutput('Ctrl-C ends it.')));
    const [id] = await trigger(scene.db, userId);
    await Promise.all([coloured, uncoloured].map((session) => session.waitForOutput('succeeded')));
    coloured.ctrlC();
    uncoloured.ctrlC();
    expect(await coloured.ended()).toBe(0);
    expect(await uncoloured.ended()).toBe(0);
    expect(coloured.output()).toContain(`${GREEN}succeeded`);
    expect(stripVTControlCharacters(coloured.output())).toMatch(
      new RegExp(`succeeded +200 +\\d+ ms {2}${id} {2}video.generated\\r\\n`),
    );
    expect(uncoloured.output()).not.toContain('\x1b');
  });

  it('listen ends with 0 and a summary on Ctrl-C; a reader that goes ends tail, quietly', async () => {
    const { userId, secret } = await createWebhook(scene.db, scene.subscriber.url);
    await olderTransactionsEnded(scene.db, userId);
    const local = await startLocal(secret);
    const args = ['--user', userId];
    const listen = kept(startTerminal(['listen', '--forward', local.url, ...args], env()));
    // When it opens, what was triggered before may just be sent: of that nothing is pending any more.
    const tail = ['tail', '--json', '--status', 'pending', ...args].map(quoted).join(' ');
    const program = '"$NODE" "$PROGRAM"';
    const line = `bash -c ${quoted(`set -o pipefail; ${program} ${tail} | head -1`)}`;
    const piped = kept(
      runInTerminal(`${line}; echo "ended with $?"`, env({ NODE: process.execPath, PROGRAM: inject('program') })),
    );
    await listen.waitForOutput('Forwarding to');
    const made: string[] = [];
    for (let sent = 0; !/ended with \d/.test(piped.output()); sent += 1) {
      made.push(...(await trigger(scene.db, userId, { sent })));
      await local.waitFor(sent + 1);
      if (sent > 100) throw new Error(piped.output());
    }
    expect(piped.output()).toMatch(/^{"kind":"created".*}\r\nended with 0\r\n$/);
    // What came to the local server may not be counted yet.
    const told = () => stripVTControlCharacters(listen.output()).match(/ 200 .*video\.generated/g)?.length ?? 0;
    await waitUntil(() => told() >= made.length, { message: () => `${made.length} lines:\n${listen.output()}` });
    listen.ctrlC();
    expect(await listen.ended()).toBe(0);
    expect(stripVTControlCharacters(listen.output())).toMatch(
      new RegExp(`\\r\\n${made.length} deliver(y|ies) forwarded, ${made.length} answered 2xx\\.\\r\\n$`),
    );
    await local.close();
  });

  it('trigger --wait shows how far it is in one line, then a table that fits into 80 columns', async () => {
    const { userId } = await createWebhook(scene.db, `${scene.subscriber.url}/${'long/'.repeat(30)}`);
    scene.subscriber.answerWith([{ status: 500 }, { delayMs: 300 }]);
    const args = ['trigger', 'video.generated', '--user', userId, '--data', '-', '--wait'];
    const session = kept(startTerminal(args, env()));
    session.type('{"n": 1}\n\x04');
    expect(await session.ended(), session.output()).toBe(0);
    const output = session.output();
    expect(output).toContain(`${TO_LINE_START}0 of 1 delivery`);
    expect(output).toContain(`${GREEN}success`);
    const table = stripVTControlCharacters(output).slice(stripVTControlCharacters(output).indexOf('video.generated  '));
    expect(table).toContain('1 delivery\r\nDELIVERY ');
    expect(table).toMatch(/\r\n[-0-9a-f]{36} {3}success +2 +200\b/);
    for (const line of table.split('\r\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('trigger --wait ends with 130 on Ctrl-C, and the event goes on', async () => {
    scene.subscriber.answerWith(['hang']);
    const { userId } = await createWebhook(scene.db, scene.subscriber.url);
    const args = ['trigger', 'video.generated', '--user', userId, '--data', '{}', '--wait'];
    const session = kept(startTerminal(args, env()));
    await session.waitForOutput('0 of 1 delivery');
    session.ctrlC();
    expect(await session.ended()).toBe(130);
    expect(stripVTControlCharacters(session.output())).toMatch(
      / {3}pending {3}0 .*\r\nStopped\. What was triggered goes on\.\r\n$/,
    );
    scene.subscriber.answerWith([{}]);
  });

  it('what cannot be taken back is asked about, and Ctrl-C answers with 130', async () => {
    const webhook = await createWebhook(scene.db, scene.subscriber.url);
    const [no, yes, interrupted] = [1, 2, 3].map(() => kept(startTerminal(['webhooks', 'delete', webhook.id], env())));
    if (no === undefined || yes === undefined || interrupted === undefined) throw new Error('no sessions');
    await Promise.all([no, yes, interrupted].map((session) => session.waitForOutput('? [y/N] ')));
    interrupted.ctrlC();
    expect(await interrupted.ended()).toBe(130);
    no.type('n\n');
    expect(await no.ended()).toBe(1);
    expect(no.output()).toMatch(/Nothing was changed\..*not_confirmed/s);
    const left = async () => (await scene.db.query('SELECT FROM webhooks WHERE id = $1::uuid', [webhook.id])).rowCount;
    expect(await left()).toBe(1);
    yes.type('y\n');
    expect(await yes.ended(), yes.output()).toBe(0);
    expect(await left()).toBe(0);
  });

  it('bash completes at a TAB what hookline completion prints', async () => {
    const completion = startHooklineProcess(['completion', 'bash'], {});
    expect(await completion.ended(), completion.output()).toBe(0);
    const folder = mkdtempSync(join(tmpdir(), 'hookline-terminal-'));
    writeFileSync(join(folder, 'completion'), completion.output());
    expect(spawnSync('bash', ['-n', join(folder, 'completion')]).status).toBe(0);
    const session = kept(runInTerminal('exec bash --norc --noprofile -i', { PS1: '> ', HOME: folder }));
    session.type(`. ${folder}/completion; hookline() { echo "called: $*"; }\n`);
    session.type('hookline tri\t--bro\t; hookline tail --status fa\t\n');
    await session.waitForOutput('called: tail --status failed');
    expect(session.output()).toContain('called: trigger --broadcast');
    session.type('exit\n');
    expect(await session.ended()).toBe(0);
    rmSync(folder, { recursive: true });
  });
});
