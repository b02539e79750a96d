import { createHmac, randomUUID } from 'node:crypto';
import { createWebhookHandler, planetscaleStore } from '@hookline/receiver';
import { Client } from '@planetscale/database';
import { expect, it } from 'vitest';
import { startReceiver } from '../harness/receiver-server.js';

// Collected only where PLANETSCALE_TEST_URL is set (vitest.config.ts): a database of PlanetScale's with the table of migrations/mysql.
it('stores a webhook once on PlanetScale itself, and finishes its callback', async () => {
  const url = process.env['PLANETSCALE_TEST_URL'] ?? '';
  const client = new Client({ url });
  const gateway = await startReceiver();
  const channelId = randomUUID();
  const handler = createWebhookHandler({
    store: planetscaleStore({ url }),
    secret: 'secret',
    apiKey: 'key',
    callbackOrigins: [new URL(gateway.url).origin],
  });
  const body = JSON.stringify({
    type: 'task.ai_generated',
    event: 'video.generated',
    channel_id: channelId,
    ai_response: { data: { title: 'A live test’s 😀', description: 'It removes its row.' } },
    callback_url: gateway.url,
    customer_data: {},
  });
  const headers = { 'mr-signature': createHmac('sha256', 'secret').update(body).digest('hex') };
  try {
    for (let time = 0; time < 2; time++) {
      const answer = await handler(new Request('http://localhost/', { method: 'POST', body, headers }));
      expect(answer.status).toBe(200);
    }
    const { rows } = await client.execute(
      'SELECT CAST(id AS CHAR) AS id, title, repeats, callback_state FROM ai_content WHERE channel_id = ?',
      [channelId],
    );
    expect(rows).toEqual([
      { id: expect.stringMatching(/^\d+$/), title: 'A live test’s 😀', repeats: 1, callback_state: 'done' },
    ]);
    expect(gateway.requests).toHaveLength(1);
  } finally {
    await client.execute('DELETE FROM ai_content WHERE channel_id = ?', [channelId]);
    await gateway.close();
  }
});
