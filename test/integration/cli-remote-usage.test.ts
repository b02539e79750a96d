import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { runCommand } from '../harness/run-command.js';

const TOKEN = 'hk_a-token-that-nobody-may-see';
const LIST = ['webhooks', 'list'];

describe('the command line, called wrongly', () => {
  it.each([
    ['webhooks', 'list', '--limit', '0'],
    ['webhooks', 'list', '--limit', '1e3'],
    ['webhooks', 'list', '--condition', 'fine'],
    ['webhooks', 'list', '--active', '--inactive'],
    ['webhooks', 'list', '--user', ''],
    ['webhooks', 'list', 'surplus'],
    ['webhooks', 'show'],
    ['webhooks', 'show', '../../v1/api-keys'],
    ['webhooks', 'create', '--name', 'x'],
    ['webhooks', 'create', '--url', 'ftp://x', '--name', 'x'],
    ['webhooks', 'create', '--url', 'http://x', '--name', ''],
    ['webhooks', 'create', '--url', 'http://x', '--name', 'x', '--server', 'http://u:p@x'],
    ['webhooks', 'edit', randomUUID(), '--retry-delay', '2h'],
    ['webhooks', 'edit', randomUUID(), '--rate-limit', '-1'],
    ['webhooks', 'nonsense'],
    ['webhooks'],
    ['events', 'show', 'a b'],
    ['events', 'create', 'x'],
    ['deliveries', 'list', '--status', 'done'],
    ['deliveries', 'list', '--response', '600'],
    ['deliveries', 'list', '--since', 'yesterday'],
    ['deliveries', 'list', '--since', '2026-02-30'],
    ['deliveries', 'list', '--since', '2026-01-01T10:00:00'],
    ['deliveries', 'list', '--since', '60'],
    ['deliveries', 'list', '--timeout', '0'],
    ['deliveries', 'list', '--url', 'localhost:8080'],
    ['deliveries', 'list', '--url', 'https://x/?a=b'],
    ['deliveries', 'list', '--token', ''],
    ['deliveries', 'list', '--token', 'two words'],
    ['deliveries', 'list', '--token', 'line\nbreak'],
    ['replay', randomUUID()],
    ['replay', randomUUID(), '--since', '1h', '--rate', '1001'],
    ['replay', 'cancel', 'x'],
    ['replay', 'list', '--webhook', randomUUID(), '--state', 'running'],
    ['stats', '--hours', '841'],
    ['stats', '--hours', '1', '--days', '1'],
    ['token', 'create', '--user', 'x', '--expires', '25h'],
    ['keys', 'create', '--name', 'x', '--access', 'admin'],
  ])('ends with 2 when called as %s %s %s %s %s', async (...args) => {
    // Nothing is asked of a server before: there is none.
    const { code, out, err } = await runCommand(args, { HOOKLINE_URL: 'http://127.0.0.1:9', HOOKLINE_TOKEN: TOKEN });
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(/error: |^Usage: /);
    expect(err).not.toMatch(/u:p@|two words|line\n/);
  });

  it('says what to set when there is no token, or a wrong variable', async () => {
    const none = await runCommand(LIST, {});
    expect(none).toMatchObject({
      code: 1,
      err: expect.stringMatching(/Hint: {2}Set HOOKLINE_TOKEN .*\nCode: {2}not_signed_in/),
    });
    const wrong = await runCommand(LIST, { HOOKLINE_URL: 'http://u:secret@x', HOOKLINE_SERVICE_KEY: 'short-secret' });
    expect(wrong.err).toMatch(/HOOKLINE_URL takes .*Code: {2}invalid_config/s);
    expect(wrong.err).not.toMatch(/secret@|short-secret/);
    const asJson = await runCommand([...LIST, '--json'], {});
    expect(JSON.parse(asJson.err)).toMatchObject({ error: { code: 'not_signed_in', hint: expect.any(String) } });
  });
});
