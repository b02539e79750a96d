import { expect, it } from 'vitest';
import { describeOnPostgres } from '../harness/databases.js';
import { type Program, startProgram } from '../runtimes/program.js';
import { useDelivering } from './verify-deliveries.js';

const COMMAND = ['--conditions=hookline-source', '--import', 'tsx', 'examples/express-subscriber/main.ts'];

describeOnPostgres('examples/express-subscriber', (ctx) => {
  const { create, deliver } = useDelivering(ctx);

  it('takes deliveries, and refuses forged and repeated ones', async () => {
    const webhook = await create();
    const { headers, body } = await deliver(webhook);
    const program: Program = await startProgram([process.execPath, ...COMMAND], {
      env: { WEBHOOK_SECRET: webhook.secret, PORT: '0' },
    });
    try {
      const post = async (content: string) => {
        const names = Object.entries(headers).filter(([name]) => name === 'content-type' || name.includes('webhook'));
        const init = { method: 'POST', headers: names.map(([name, value]): [string, string] => [name, String(value)]) };
        return (await fetch(`${program.origin}/webhooks`, { ...init, body: content })).status;
      };
      const statuses = [await post(`${body} `), await post(body.toString()), await post(body.toString())];
      expect(statuses).toEqual([401, 204, 409]);
    } finally {
      await program.end();
    }
  });
});
