import { execFile } from 'node:child_process';
import { mkdtemp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { inject } from 'vitest';
import type { Database } from '../../src/db/database.js';
import { createWebhook } from '../harness/delivering.js';
import { waitUntil } from '../harness/wait-until.js';

const run = promisify(execFile);

/** So many users with a webhook each: a claim beside other workers takes 16 deliveries of each, so many of them make it more than a chunk. */
export async function users(db: Database, url: string, count = 20): Promise<string[]> {
  const made: string[] = [];
  for (let n = 0; n < count; n += 1) made.push((await createWebhook(db, url)).userId);
  return made;
}

/** Triggers so many events for each user in one transaction. */
export async function triggerAll(db: Database, userIds: readonly string[], events: number): Promise<void> {
  await db.query(
    `SELECT FROM generate_series(1, $2::int) n, unnest($1::uuid[]) u,
       LATERAL trigger_webhook_event('video.generated', jsonb_build_object('hidden', n), u) t`,
    [userIds, events],
  );
}

/** Waits until so many deliveries have succeeded. */
export async function untilDelivered(db: Database, count: number, timeoutMs = 20_000): Promise<void> {
  let delivered = -1;
  const all = async () => {
    const { rows } = await db.query<{ n: number }>(
      "SELECT count(*)::int AS n FROM webhook_deliveries WHERE status = 'success'",
    );
    delivered = rows[0]?.n ?? -1;
    return delivered >= count;
  };
  await waitUntil(all, { message: () => `${count} deliveries to succeed; ${delivered} have`, timeoutMs });
}

/** A certificate for 127.0.0.1 that signs itself, and its key, as PEM; the certificate as a file, too. */
export async function selfSigned(): Promise<{ cert: string; key: string; certFile: string }> {
  const folder = await mkdtemp(join(inject('runFolder'), 'certificate-'));
  const [certFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  const what = ['-subj', '/CN=hookline-test', '-addext', 'subjectAltName=IP:127.0.0.1', '-days', '2'];
  await run('openssl', [
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    ...what,
    '-keyout',
    keyFile,
    '-out',
    certFile,
  ]);
  return { cert: await readFile(certFile, 'utf8'), key: await readFile(keyFile, 'utf8'), certFile };
}
