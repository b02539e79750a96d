import { createHmac, randomUUID } from 'node:crypto';
import { createWebhookHandler } from '@hookline/receiver';
import { describe, expect, it } from 'vitest';
import { migrateMysql } from '../../src/db/mysql/migrate.js';
import { rows } from '../integration/mysql-helpers.js';
import { useSchemaDatabase, WAITING } from '../integration/schema-mysql-helpers.js';

const GATEWAY = 'https://gateway.test';
const SECRET = 'secret-of-the-gateway';

describe('a deployment while webhooks come in', () => {
  const ctx = useSchemaDatabase();

  it('fails none of them, and loses none', { timeout: 90_000 }, async () => {
    const { provider, pool } = ctx();
    await migrateMysql({ url: ctx().url });
    await ctx().branch(
      'ai-content-v2',
      `ALTER TABLE ai_content ADD COLUMN embedding_id VARCHAR(100), ADD COLUMN quality_score FLOAT;
       CREATE INDEX idx_quality ON ai_content (quality_score); CREATE TABLE embeddings (id INT PRIMARY KEY);`,
    );
    const number = await ctx().request('ai-content-v2');
    const main = await provider.connect('main', 'readwriter');
    const calledBack = new Set<Promise<unknown>>();
    const handler = createWebhookHandler({
      store: main.store,
      secret: SECRET,
      apiKey: 'key',
      callbackOrigins: [GATEWAY],
      fetch: async () => Response.json({}),
    });
    const answers: string[] = [];
    let open = true;
    const sender = async (): Promise<void> => {
      while (open) {
        const answer = await handler(signed(), { waitUntil: (promise) => void calledBack.add(promise) });
        answers.push(`${answer.status} ${Object.keys(JSON.parse(await answer.text())).join()}`);
      }
    };
    try {
      const senders = [sender(), sender(), sender()];
      const until = async (count: number): Promise<void> => {
        while (answers.length < count) await new Promise((resolve) => setTimeout(resolve, 10));
      };
      await until(100);
      const atBegin = answers.length;
      await provider.deployRequests.deploy(number, { instant: false }, WAITING);
      const atEnd = answers.length;
      await provider.deployRequests.revert(number, WAITING);
      await until(answers.length + 100);
      open = false;
      await Promise.all(senders);
      await Promise.all(calledBack);
      expect(atEnd).toBeGreaterThan(atBegin);
    } finally {
      open = false;
      await main.close();
    }
    // A webhook that could not be stored is answered 200 too, and says so.
    expect([...new Set(answers)]).toEqual(['200 received']);
    const stored = await rows(pool, 'SELECT COUNT(*) AS count, callback_state AS state FROM ai_content GROUP BY 2');
    expect(stored).toEqual([{ count: answers.length, state: 'done' }]);
  });
});

function signed(): Request {
  const body = JSON.stringify({
    type: 'task.ai_generated',
    event: 'article.written',
    channel_id: randomUUID(),
    ai_response: { data: { title: 'A title', body: 'x'.repeat(2_000) } },
    callback_url: `${GATEWAY}/v1/callback/1`,
    callback_required: true,
    customer_data: {},
    timestamp: '2026-01-05T12:34:56.789Z',
  });
  const signature = createHmac('sha256', SECRET).update(body).digest('hex');
  const headers = { 'content-type': 'application/json', 'mr-signature': signature };
  return new Request('http://localhost/webhooks/modelriver', { method: 'POST', body, headers });
}
