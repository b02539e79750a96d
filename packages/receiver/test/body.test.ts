import { describe, expect, it } from 'vitest';
import { type NotRead, readBody as readBodyWithin } from '../src/body.js';

const URL_OF_REQUEST = 'http://localhost/';
const readBody = (request: Request, limit: number): Promise<Uint8Array | NotRead> =>
  readBodyWithin(request, limit, 10_000);
const request = (body: string): Request => new Request(URL_OF_REQUEST, { method: 'POST', body });

/** A body of unknown length; `pulled` counts the kilobytes that were asked for. */
function streamed(kilobytes: number): { request: Request; pulled: () => number } {
  let pulled = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (pulled++ < kilobytes) controller.enqueue(new Uint8Array(1_024).fill(0x61));
      else controller.close();
    },
  });
  const init = { method: 'POST', body, duplex: 'half' as const };
  return { request: new Request(URL_OF_REQUEST, init), pulled: () => pulled };
}

describe('readBody', () => {
  it('gives the bytes as they are, up to the limit', async () => {
    expect(await readBody(request('grün'), 5)).toEqual(new TextEncoder().encode('grün'));
    expect(await readBody(new Request(URL_OF_REQUEST, { method: 'POST' }), 5)).toEqual(new Uint8Array());
    expect((await readBody(streamed(4).request, 4_096)).length).toBe(4_096);
  });

  it('gives up past the limit and reads no further', async () => {
    expect(await readBody(request('123456'), 5)).toBe('too_large');
    const endless = streamed(1_000_000);
    expect(await readBody(endless.request, 4_096)).toBe('too_large');
    expect(endless.pulled()).toBeLessThan(10);
  });

  it('goes by Content-Length before it reads', async () => {
    const { request: given, pulled } = streamed(1_000_000);
    const announced = new Request(given, { headers: { 'content-length': '102401' } });
    expect(await readBody(announced, 102_400)).toBe('too_large');
    // What streams take in advance: 3 on Node 20, 4 on Node 24.
    expect(pulled()).toBeLessThan(10);
  });

  it('gives up on a body that drips, and cancels it', async () => {
    let cancelled = false;
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) =>
        new Promise((resolve) => {
          setTimeout(() => {
            if (!cancelled) controller.enqueue(new Uint8Array(1));
            resolve();
          }, 20);
        }),
      cancel() {
        cancelled = true;
      },
    });
    // Node asks for `duplex`, which the DOM's types do not know.
    const streamed: object = { method: 'POST', body, duplex: 'half' };
    const dripping = new Request(URL_OF_REQUEST, streamed);
    expect(await readBodyWithin(dripping, 4_096, 100)).toBe('too_late');
    expect(cancelled).toBe(true);
  });
});
