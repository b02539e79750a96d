import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rewriteAll } from '../../src/cli/secrets/rewrite.js';
import type { Database } from '../../src/db/database.js';
import { openPostgres } from '../../src/db/pg.js';
import { keyringOf } from '../../src/secrets/keyring.js';
import { checkSecretKeys, registerSealingKey } from '../../src/secrets/registry.js';
import { secretStatus } from '../../src/secrets/status.js';
import { createUser, describeOnEachDatabase, newPostgresDatabase } from '../harness/databases.js';
import { createWebhook, startTestWorker } from '../harness/delivering.js';
import { startHooklineProcess } from '../harness/hookline-process.js';
import { runCommand } from '../harness/run-command.js';
import { waitUntil } from '../harness/wait-until.js';
import { dump, forgetAll, newKey, stored, sweep } from './secrets-helpers.js';

const K1 = newKey('k1');
const K2 = newKey('k2');
const MANY = 1_500;
const NOBODY = 'http://127.0.0.1:9/never-called';

async function putMany(db: Database): Promise<void> {
  const user = await createUser(db);
  await db.query(
    `INSERT INTO webhooks (user_id, name, url, retired_secrets, retired_secrets_until)
     SELECT $1::uuid, 'n', $2, ARRAY['retired ' || i], ARRAY[now()] FROM generate_series(1, $3::int) i`,
    [user, NOBODY, MANY],
  );
}
const secretsOf = async (db: Database) =>
  (
    await db.query<{ id: string; secrets: string[]; updated_at: string }>(
      'SELECT id::text, secret::text || retired_secrets AS secrets, updated_at::text FROM webhooks ORDER BY id',
      [],
    )
  ).rows;

describe('hookline secrets', { timeout: 120_000 }, () => {
  let database: Awaited<ReturnType<typeof newPostgresDatabase>>;
  let db: Database;
  beforeAll(async () => {
    database = await newPostgresDatabase();
    db = openPostgres({ connectionString: database.url });
  });
  afterAll(async () => {
    await db.close();
    await database.drop();
  });
  const env = (...keys: string[]) => ({
    DATABASE_URL: database.url,
    PORT: '0',
    ...(keys.length > 0 && { HOOKLINE_SECRET_KEYS: keys.join() }),
  });
  async function run(args: readonly string[], keys: readonly string[]) {
    const { code, output } = await runCommand(args, env(...keys));
    return { code, output };
  }
  async function asProcess(args: readonly string[], keys: readonly string[]) {
    const child = startHooklineProcess(args, env(...keys));
    return { code: await child.ended(), output: child.output() };
  }
  const under = async (key: string | null) =>
    (await secretStatus(db)).counts.filter(({ keyId }) => keyId === key).reduce((sum, { secrets }) => sum + secrets, 0);

  it('rotate goes on after it was killed, and loses nothing; nobody starts without the keys meanwhile', async () => {
    await putMany(db);
    const before = await secretsOf(db);
    await sweep(db, K1);
    expect(await under('k1')).toBe(2 * MANY);

    const named = new URL(database.url);
    named.searchParams.set('application_name', 'rotating');
    // A row that is held is passed over: however quick it is, something is left when it is killed.
    await db.transaction(async (tx) => {
      await tx.query('SELECT FROM webhooks LIMIT 1 FOR UPDATE', []);
      const rotating = startHooklineProcess(['secrets', 'rotate', '--batch', '1'], {
        ...env(K2, K1),
        DATABASE_URL: named.href,
      });
      await waitUntil(async () => (await under('k2')) > 200, { message: rotating.output, timeoutMs: 60_000 });
      expect(await rotating.end('SIGKILL')).toBe('SIGKILL');
    });
    // What it had asked for last is still done.
    const asked = "SELECT FROM pg_stat_activity WHERE application_name = 'rotating' AND datname = current_database()";
    await waitUntil(async () => (await db.query(asked, [])).rowCount === 0, { message: 'its sessions to end' });
    const [done, left] = [await under('k2'), await under('k1')];
    expect([done + left, left > 0]).toEqual([2 * MANY, true]);

    const [without, wrong] = await Promise.all([asProcess(['start'], [K2]), asProcess(['start'], [K2, newKey('k1')])]);
    expect([without.code, without.output]).toEqual([
      1,
      expect.stringMatching(/k1[\s\S]*Hint: .*HOOKLINE_SECRET_KEYS[\s\S]*Code: {2}secret_key_missing/),
    ]);
    expect([wrong.code, wrong.output]).toEqual([
      1,
      expect.stringMatching(/k1[\s\S]*Hint: .*HOOKLINE_SECRET_KEYS[\s\S]*Code: {2}secret_key_wrong/),
    ]);
    for (const { output } of [without, wrong]) expect(output).not.toContain(K2.slice(3));

    const again = await asProcess(['secrets', 'rotate'], [K2, K1]);
    const rest = left.toLocaleString('en-US');
    expect([again.code, again.output]).toEqual([
      0,
      expect.stringMatching(
        new RegExp(
          `^(\\[#*\\.*\\] \\d+ % {2}[\\d,]+ of ${rest} secrets\n)*Encrypted ${rest} secrets with k2\\.\n.*not needed any more.*: k1\\.\n$`,
          'i',
        ),
      ),
    ]);
    expect(await under('k2')).toBe(2 * MANY);

    const status = await run(['secrets', 'status', '--json'], [K2]);
    expect([status.code, JSON.parse(status.output)]).toEqual([
      0,
      {
        encrypts: true,
        key_id: 'k2',
        needed_key_ids: ['k2'],
        missing_key_ids: [],
        secrets: [{ kind: 'webhook', key_id: 'k2', count: 2 * MANY }],
      },
    ]);
    const decrypted = await run(['secrets', 'decrypt', '--json'], [K2]);
    expect([decrypted.code, JSON.parse(decrypted.output)]).toEqual([
      0,
      { key_id: null, rewritten: 2 * MANY, left: 0, unreadable: [], keys_not_needed: ['k2'] },
    ]);
    // To the letter what it was, and of the same version.
    expect(await secretsOf(db)).toEqual(before);
  });

  it('take no key for one that all hold while somebody signs on without it', async () => {
    let answered: Promise<number> | undefined;
    let isAnswered = false;
    await db.transaction(async (tx) => {
      await tx.query("INSERT INTO hookline.workers (id, name) VALUES (gen_random_uuid(), 'without keys')", []);
      answered = registerSealingKey(db, keyringOf(newKey('k9'))).finally(() => {
        isAnswered = true;
      });
      const { message, waits } = {
        message: 'the registration to wait',
        waits: 'SELECT FROM pg_locks l WHERE NOT l.granted',
      };
      await waitUntil(async () => isAnswered || (await db.query(waits, [])).rowCount > 0, { message });
    });
    expect(await answered).toBe(1);
    await db.query('DELETE FROM hookline.workers', []);
  });

  it('say what to do about keys that are not there, or are none', async () => {
    const noKeys = await run(['secrets', 'rotate'], []);
    const noKey = await run(['secrets', 'status'], ['k1:hidden']);
    expect([noKeys.code, noKeys.output]).toEqual([
      1,
      expect.stringMatching(/Hint: .*openssl rand -base64 32[\s\S]*Code: {2}secret_keys_not_set/),
    ]);
    expect([noKey.code, noKey.output]).toEqual([
      1,
      expect.stringMatching(/HOOKLINE_SECRET_KEYS takes .*32 bytes[\s\S]*Code: {2}invalid_config/),
    ]);
    expect(noKey.output).not.toContain('hidden');
  });
});

describeOnEachDatabase('rewriting secrets', (ctx) => {
  const rewrite = (to: 'key' | 'clear', ...keys: string[]) =>
    rewriteAll({
      db: ctx.db(),
      keyring: keyringOf(keys.join()),
      to,
      batch: 2,
      signal: new AbortController().signal,
      progress: undefined,
    });
  afterAll(() => forgetAll(ctx.db()));

  it('goes from key to key and back to the clear, with headers and private keys, whatever was there', async () => {
    const webhooks = await Promise.all([1, 2, 3, 4, 5].map(() => createWebhook(ctx.db(), NOBODY)));
    const [first] = webhooks;
    await ctx.db().query(`SELECT set_webhook_headers($1::uuid, '{"X-Key": "kept as it is"}')`, [first?.id ?? '']);
    await ctx
      .db()
      .query(
        "SELECT hookline.make_first_signing_key(decode(repeat('0a', 48), 'hex'), decode(repeat('0b', 32), 'hex'))",
        [],
      );
    const before = await dump(ctx.db());
    await sweep(ctx.db(), K1);
    // One in the clear, one under two keys.
    await ctx.db().query("UPDATE webhooks SET secret = 'set by SQL' WHERE id = $1::uuid", [webhooks[1]?.id ?? '']);
    await rewrite('key', K1);
    await ctx.db().query('SELECT rotate_webhook_secret($1::uuid)', [webhooks[2]?.id ?? '']);
    const { rewritten, left, unreadable, forgotten } = await rewrite('key', K2, K1);
    expect([rewritten, left, unreadable, forgotten]).toEqual([8, 0, [], ['k1']]);
    expect(await stored(ctx.db(), webhooks[2]?.id ?? '')).toMatchObject({ secret_key_id: 'k2' });
    expect((await secretStatus(ctx.db())).counts).toEqual([
      { kind: 'webhook', keyId: 'k2', secrets: 6 },
      { kind: 'signing_key', keyId: 'k2', secrets: 1 },
      { kind: 'headers', keyId: 'k2', secrets: 1 },
    ]);

    expect(await rewrite('clear', K2)).toMatchObject({ rewritten: 8, left: 0, forgotten: ['k2'] });
    const after = await dump(ctx.db());
    for (const { id, secret } of [webhooks[0], webhooks[3], webhooks[4]].filter((one) => one !== undefined)) {
      expect([before.includes(secret), (await stored(ctx.db(), id)).secret]).toEqual([true, secret]);
    }
    for (const text of ['{"X-Key": "kept as it is"}', `\\\\x${'0a'.repeat(48)}`, 'set by SQL'])
      expect(after).toContain(text);
    // It stays so until the next rotate.
    await sweep(ctx.db(), K2);
    expect((await secretStatus(ctx.db())).counts.every(({ keyId }) => keyId === null)).toBe(true);
    await rewrite('key', K2);
    expect((await secretStatus(ctx.db())).counts.every(({ keyId }) => keyId === 'k2')).toBe(true);
  });

  it('leaves what does not open as it is, and tells it', async () => {
    await forgetAll(ctx.db());
    const [good, bad] = [await createWebhook(ctx.db(), NOBODY), await createWebhook(ctx.db(), NOBODY)];
    await sweep(ctx.db(), K1);
    const { secret: moved } = await stored(ctx.db(), good.id);
    await ctx.db().query('UPDATE webhooks SET secret = $2 WHERE id = $1::uuid', [bad.id, moved]);
    expect(await rewrite('key', K2, K1)).toEqual({
      rewritten: 1,
      left: 1,
      unreadable: [`webhook ${bad.id}`],
      forgotten: [],
    });
    expect((await stored(ctx.db(), bad.id)).secret).toBe(moved);
    expect(await stored(ctx.db(), good.id)).toMatchObject({ secret_key_id: 'k2' });
  });

  it('goes on without a key that is lost, once what it holds is given up', async () => {
    await forgetAll(ctx.db());
    const webhook = await createWebhook(ctx.db(), NOBODY);
    const setHeaders = () => ctx.db().query(`SELECT set_webhook_headers($1::uuid, '{"X-Key": "k"}')`, [webhook.id]);
    await setHeaders();
    const key = "decode(repeat('0a', 48), 'hex'), decode(repeat('0b', 32), 'hex')";
    await ctx.db().query(`SELECT hookline.make_first_signing_key(${key})`, []);
    await sweep(ctx.db(), K1);
    await expect(checkSecretKeys(ctx.db(), keyringOf(K2))).rejects.toMatchObject({ code: 'secret_key_missing' });
    const docs = readFileSync(new URL('../../docs/secrets-at-rest.md', import.meta.url), 'utf8');
    await ctx.db().query(/-c "(DELETE FROM [^"]*)"/.exec(docs)?.[1] ?? 'SELECT 1 / 0');
    await checkSecretKeys(ctx.db(), keyringOf(K2));
    expect(await rewrite('key', K2)).toMatchObject({ rewritten: 0, left: 2, unreadable: { length: 2 } });
    await ctx.db().query("SELECT rotate_webhook_secret($1::uuid, '0')", [webhook.id]);
    await setHeaders();
    expect(await rewrite('key', K2)).toMatchObject({ rewritten: 2, left: 0 });
  });

  it('waits for workers that do not hold the key, and changes nothing before', async () => {
    await forgetAll(ctx.db());
    const webhook = await createWebhook(ctx.db(), NOBODY);
    const worker = await startTestWorker(ctx.db());
    await expect(rewrite('key', K1)).rejects.toMatchObject({
      code: 'secret_key_not_everywhere',
      message: expect.stringContaining('1 '),
    });
    expect(await stored(ctx.db(), webhook.id)).toMatchObject({ secret: webhook.secret });
    await worker.stop(2_000);
    await rewrite('key', K1);
  });
});
