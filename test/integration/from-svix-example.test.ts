import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Webhook } from 'svix';
import { expect, it } from 'vitest';
import { openPostgres } from '../../src/db/pg.js';
import { asService } from '../../src/db/roles.js';
import { newPostgresDatabase } from '../harness/databases.js';
import { startTestWorker } from '../harness/delivering.js';
import { startReceiver } from '../harness/receiver-server.js';
import { waitUntil } from '../harness/wait-until.js';
import { startSvix } from './from-svix-helpers.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

it('examples/from-svix: endpoints come with their secrets, and subscribers verify on with svix as they did', async () => {
  const database = await newPostgresDatabase();
  const db = openPostgres({ connectionString: database.url });
  const receiver = await startReceiver();
  const worker = await startTestWorker(db);
  const [plain, chosen, channelled, hidden] = ['/plain', '/chosen', '/channels', '/hidden'].map(
    (path) => receiver.url + path,
  ) as [string, string, string, string];
  const svix = await startSvix({
    one: [
      { id: 'ep_1', url: plain, secret: SECRET, headers: { 'x-tenant': 'acme' } },
      { id: 'ep_2', url: chosen, secret: SECRET, filterTypes: ['order.paid'], disabled: true, description: 'Orders' },
    ],
    two: [
      { id: 'ep_3', url: channelled, secret: SECRET, channels: ['eu'] },
      { id: 'ep_4', url: hidden, secret: 'whsk_asymmetric', sensitive: ['authorization'] },
    ],
  });
  const move = async () => {
    const run = ['--conditions=hookline-source', '--import', 'tsx', 'examples/from-svix/main.ts'];
    const env = { PATH: process.env['PATH'], DATABASE_URL: database.url, SVIX_URL: svix.url, SVIX_TOKEN: svix.token };
    return (await promisify(execFile)(process.execPath, run, { env, cwd: ROOT })).stdout;
  };
  try {
    expect(await move()).toBe(
      [
        `uid-two: ${channelled} listens to channels (eu), here filters: made inactive.`,
        `uid-two: ${hidden} has an asymmetric key, which cannot come along: made inactive, with a secret of ours.`,
        `uid-two: ${hidden} needs its headers authorization again: made inactive.`,
        '4 endpoints moved, 0 were here already.\n',
      ].join('\n'),
    );
    expect(await move()).toBe('0 endpoints moved, 4 were here already.\n');
    const { rows } = await db.query(
      `SELECT w.name, w.url, w.is_active, w.secret = $1 AS kept, u.external_user_id AS customer, w.custom_header_names AS headers, w.max_retries, w.retry_delay_seconds,
         (SELECT array_agg(s.event_type::text ORDER BY s.event_type) FROM webhook_event_subscriptions s WHERE s.webhook_id = w.id) AS types
       FROM webhooks w JOIN hookline.users u USING (user_id) ORDER BY w.metadata ->> 'svix_endpoint_id'`,
      [SECRET],
    );
    const all = ['order.paid', 'video.generated'];
    const retries = { max_retries: 10, retry_delay_seconds: 100 };
    const inactive = { ...retries, customer: 'uid-two', is_active: false, types: all, headers: null };
    expect(rows).toEqual([
      {
        ...{
          name: plain,
          url: plain,
          is_active: true,
          kept: true,
          customer: 'uid-one',
          headers: ['x-tenant'],
          types: all,
        },
        ...retries,
      },
      {
        ...retries,
        ...{ name: 'Orders', url: chosen, is_active: false, kept: true, customer: 'uid-one', headers: null },
        types: ['order.paid'],
      },
      { ...inactive, name: channelled, url: channelled, kept: true },
      { ...inactive, name: hidden, url: hidden, kept: false },
    ]);

    await asService(db, (tx) =>
      tx.query("SELECT FROM trigger_webhook_event('video.generated', $1::jsonb, hookline.user_of('uid-one'))", [
        '{"video_id": "v1"}',
      ]),
    );
    const request = await waitUntil(async () => receiver.requests[0], { message: 'the delivery came' });
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    expect(new Webhook(SECRET).verify(request.body, headers)).toEqual({ video_id: 'v1' });
    expect(headers).toMatchObject({ 'x-tenant': 'acme' });
    expect(() => new Webhook(SECRET).verify('{"video_id":"v2"}', headers)).toThrow();
  } finally {
    await svix.close();
    await worker.stop(5_000);
    await receiver.close();
    await db.close();
    await database.drop();
  }
}, 120_000);
