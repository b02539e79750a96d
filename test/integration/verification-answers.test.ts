import { expect, it } from 'vitest';
import { describeOnPostgres } from '../harness/databases.js';
import { createWebhook } from '../harness/delivering.js';
import { type Answer, startReceiver } from '../harness/receiver-server.js';
import { requestVerification, tokenOf, useVerification, verificationEnded } from './verification-helpers.js';

type Answering = (token: string) => Answer;

describeOnPostgres('the answer to a verification', (ctx) => {
  const { receiver } = useVerification(ctx);
  async function verify(url: string, timeoutSeconds = 5) {
    const webhook = await createWebhook(ctx.db(), url, { timeout_seconds: timeoutSeconds });
    await requestVerification(ctx.db(), webhook);
    return verificationEnded(ctx.db(), webhook.id);
  }

  it.each<[string, Answering]>([
    ['text', (token) => ({ body: token })],
    ['text with white space around it', (token) => ({ body: ` \r\n\t${token}\n\n` })],
    ['text after a byte order mark', (token) => ({ body: `\uFEFF${token}` })],
    ['a JSON string', (token) => ({ body: JSON.stringify(token) })],
    [
      'a JSON object',
      (token) => ({ body: JSON.stringify({ token }), headers: { 'content-type': 'application/json' } }),
    ],
    ['a JSON object with more in it', (token) => ({ body: JSON.stringify({ ok: true, token, nested: [1] }, null, 2) })],
    ['another 2xx', (token) => ({ status: 202, body: token })],
    ['chunks over a while', (token) => ({ body: token, delayMs: 200, headers: { 'transfer-encoding': 'chunked' } })],
  ])('verifies: %s', async (_, answering) => {
    receiver().answerWith((request) => answering(tokenOf(request)));
    const row = await verify(receiver().url);
    expect(row).toMatchObject({ is_verified: true, verification_error_code: null, verification_error: null });
    expect(row.verified_at).toBeInstanceOf(Date);
  });

  it.each<[string, string, Answering]>([
    ['nothing', 'verification_wrong_answer', () => ({})],
    ['nothing, and 204', 'verification_wrong_answer', () => ({ status: 204 })],
    ['another token', 'verification_wrong_answer', (token) => ({ body: token.replace(/./g, 'a') })],
    ['the token in other letters', 'verification_wrong_answer', (token) => ({ body: `x${token.toUpperCase()}` })],
    ['more than the token', 'verification_wrong_answer', (token) => ({ body: `token=${token}` })],
    ['a part of the token', 'verification_wrong_answer', (token) => ({ body: token.slice(0, -1) })],
    ['it under another name', 'verification_wrong_answer', (token) => ({ body: JSON.stringify({ challenge: token }) })],
    ['it inside', 'verification_wrong_answer', (token) => ({ body: JSON.stringify({ data: { token } }) })],
    ['a JSON array', 'verification_wrong_answer', (token) => ({ body: JSON.stringify([token]) })],
    ['JSON null', 'verification_wrong_answer', () => ({ body: 'null' })],
    ['JSON that nests deep', 'verification_wrong_answer', () => ({ body: '['.repeat(60_000) })],
    ['bytes that are no text', 'verification_wrong_answer', () => ({ body: new Uint8Array([0, 255, 254, 0]) })],
    ['it after a megabyte', 'verification_wrong_answer', (token) => ({ body: ' '.repeat(1_048_576) + token })],
    ['a body without end', 'verification_wrong_answer', () => ({ body: 'x'.repeat(100_000), neverEnd: true })],
    ['400', 'verification_http_error', (token) => ({ status: 400, body: token })],
    ['410', 'verification_http_error', (token) => ({ status: 410, body: token })],
    ['500', 'verification_http_error', (token) => ({ status: 500, body: token })],
    ['a broken connection', 'connection_reset', () => 'destroy'],
  ])('leaves unverified, and says why: %s', async (_, code, answering) => {
    receiver().answerWith((request) => answering(tokenOf(request)));
    const row = await verify(receiver().url);
    expect(row).toMatchObject({ is_verified: false, verified_at: null, verification_error_code: code });
    expect(row.verification_error).toMatch(/^The .*request the verification again\.$/);
  });

  it.each<[string, Answering]>([
    ['none', () => 'hang'],
    ['a late one', (token) => ({ body: token, delayMs: 1_500 })],
    ['one that does not end', (token) => ({ body: token, neverEnd: true })],
  ])('in time is required: %s', async (_, answering) => {
    receiver().answerWith((request) => answering(tokenOf(request)));
    const row = await verify(receiver().url, 1);
    expect(row).toMatchObject({ is_verified: false, verification_error_code: 'timeout' });
    expect(row.verification_error).toMatch(/within 1 s\. .*request the verification again\.$/);
  });

  it('is not looked for behind a redirect', async () => {
    const target = await startReceiver((request) => ({ body: tokenOf(request) }));
    receiver().answerWith([{ status: 307, headers: { location: target.url } }]);
    const row = await verify(receiver().url);
    expect(row).toMatchObject({ is_verified: false, verification_error_code: 'verification_http_error' });
    expect(row.verification_error).toMatch(/307; redirects are not followed\. Change the URL/);
    expect(target.requests).toEqual([]);
    await target.close();
  });

  it.each([
    ['http://10.0.0.1/', 'address_forbidden'],
    ['http://169.254.169.254/latest/meta-data', 'address_forbidden'],
    ['http://[::ffff:10.0.0.1]/', 'address_forbidden'],
    ['http://127.0.0.1:2/', 'connection_refused'],
    ['http://127.0.0.1:1/', 'port_forbidden'],
    ['https://[not-an-address/', 'invalid_url'],
  ])('cannot come from %s: %s', async (url, code) => {
    const row = await verify(url);
    expect(row).toMatchObject({ is_verified: false, verification_error_code: code });
    expect(row.verification_error).toMatch(
      /Correct the URL or mend the endpoint, then request the verification again\.$/,
    );
  });

  it('that is wrong takes the verification away that was there', async () => {
    const webhook = await createWebhook(ctx.db(), receiver().url, { is_verified: true });
    receiver().answerWith([{ body: 'no' }]);
    await requestVerification(ctx.db(), webhook);
    expect(await verificationEnded(ctx.db(), webhook.id)).toMatchObject({ is_verified: false, verified_at: null });
  });
});
