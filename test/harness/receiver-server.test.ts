import { afterEach, expect, it } from 'vitest';
import { type ReceiverServer, startReceiver } from './receiver-server.js';

let receiver: ReceiverServer | undefined;
afterEach(() => receiver?.close());

it('answers by its script, the last answer again and again, and keeps each request as it came', async () => {
  receiver = await startReceiver([
    { status: 500, body: 'no' },
    { status: 204, headers: { 'X-Seen': 'yes' } },
  ]);
  const body = new Uint8Array([0xff, 0x00, 0x7b]);
  const answers: Response[] = [];
  for (let n = 0; n < 3; n += 1)
    answers.push(await fetch(receiver.url, { method: 'POST', body, headers: { 'X-N': `${n}` } }));
  expect(answers.map((answer) => answer.status)).toEqual([500, 204, 204]);
  expect(answers[1]?.headers.get('x-seen')).toBe('yes');
  const requests = await receiver.waitFor(3);
  expect(requests.map(({ method, url, headers }) => [method, url, headers['x-n']])).toEqual([
    ['POST', '/hook', '0'],
    ['POST', '/hook', '1'],
    ['POST', '/hook', '2'],
  ]);
  expect(requests[0]?.body).toEqual(Buffer.from(body));
});

it('breaks the connection, hangs, and ends what hangs on close', async () => {
  receiver = await startReceiver(['destroy', 'hang', { neverEnd: true, body: 'part' }]);
  await expect(fetch(receiver.url)).rejects.toThrow('fetch failed');
  const hanging = fetch(receiver.url).catch((error: Error) => error.message);
  await receiver.waitFor(2);
  const endless = await fetch(receiver.url);
  expect(endless.status).toBe(200);
  const rest = endless.text().catch((error: Error) => error.message);
  await receiver.close();
  expect(await hanging).toBe('fetch failed');
  expect(await rest).toBe('terminated');
});

it('says how many requests came when it waits in vain', async () => {
  receiver = await startReceiver();
  await fetch(receiver.url);
  await expect(receiver.waitFor(2, 50)).rejects.toThrow('2 requests at the receiver; 1 came');
});

it('tells what a script throws', async () => {
  receiver = await startReceiver(() => {
    throw new Error('a mistake of the script');
  });
  await expect(fetch(receiver.url)).rejects.toThrow('fetch failed');
  await expect(receiver.waitFor(1)).rejects.toThrow('a mistake of the script');
  await fetch(receiver.url).catch(() => undefined);
  await expect(receiver.close()).rejects.toThrow('a mistake of the script');
});
