import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Channel } from '../../src/dev/gateway-sim/channel.js';
import { startGatewaySim } from '../../src/dev/gateway-sim/gateway-sim.js';
import { callBack, callbackUrlIn, closeAfterEach, record, startPair, webhook } from './gateway-sim-helpers.js';

describe('the gateway simulator takes callbacks', () => {
  closeAfterEach();

  it('in time: the request is called back', async () => {
    const { sim, receiver } = await startPair();
    const sent = webhook(sim);
    const request = sim.send(sent);
    expect((await request.firstAttempt())?.status).toBe(200);
    expect(request.state).toBe('delivered');
    const [got] = receiver.requests;
    if (got === undefined) throw new Error('no webhook came');
    expect(callbackUrlIn(got)).toBe(`${sim.callbackOrigin}/v1/callback/${sent.channel_id}`);
    expect(await callBack(callbackUrlIn(got), { body: record('17') })).toEqual({
      status: 200,
      json: { received: true },
    });
    expect(await request.settled()).toBe('called_back');
    expect(request.callbacks).toEqual(sim.callbacks);
    expect(sim.callbacks).toMatchObject([
      { channelId: sent.channel_id, verdict: 'accepted', status: 200, reason: null, body: JSON.parse(record('17')) },
    ]);
  });

  it('while the webhook is not yet answered', async () => {
    const { sim, receiver } = await startPair({}, [{ delayMs: 4_000 }]);
    const request = sim.send(webhook(sim));
    const [got] = await receiver.waitFor(1);
    if (got === undefined) throw new Error('no webhook came');
    expect((await callBack(callbackUrlIn(got))).status).toBe(200);
    expect(request.state).toBe('waiting');
    expect(await request.settled()).toBe('called_back');
  });

  it('for which the time began anew with the attempt that came through', async () => {
    const { sim, receiver } = await startPair({ callbackWithinMs: 4_000 }, [{ status: 500 }, {}]);
    const request = sim.send(webhook(sim));
    const [, second] = await receiver.waitFor(2);
    if (second === undefined) throw new Error('no second attempt came');
    expect((await callBack(callbackUrlIn(second))).status).toBe(200);
    expect(await request.settled()).toBe('called_back');
  });

  it('that tell of a failure', async () => {
    const { sim } = await startPair();
    const sent = webhook(sim);
    const request = sim.send(sent);
    const body = JSON.stringify({ error: 'processing_failed', message: 'no room' });
    expect((await callBack(sim.callbackUrl(sent.channel_id), { body })).status).toBe(200);
    expect(await request.settled()).toBe('called_back');
  });

  it('and tells late ones apart: 410, and the request stays timed out', async () => {
    const { sim } = await startPair({ timeScale: 0.0002 });
    const sent = webhook(sim);
    const request = sim.send(sent);
    expect(await request.settled()).toBe('timed_out');
    expect(await callBack(sim.callbackUrl(sent.channel_id))).toEqual({
      status: 410,
      json: { error: 'late', message: 'The time for the callback is over.' },
    });
    expect(request.state).toBe('timed_out');
    expect(request.callbacks).toMatchObject([{ verdict: 'late', status: 410 }]);
  });

  it('and tells repeats apart: 200 for the same again, whatever the order of its keys, 409 for another', async () => {
    const { sim } = await startPair();
    const sent = webhook(sim);
    const request = sim.send(sent);
    const url = sim.callbackUrl(sent.channel_id);
    await callBack(url, { body: '{"data":{"id":"1","n":{"a":1}},"task_id":"t"}' });
    expect((await callBack(url, { body: '{"task_id":"t","data":{"n":{"a":1},"id":"1"}}' })).status).toBe(200);
    expect((await callBack(url, { body: '{"data":{"id":"2","n":{"a":1}},"task_id":"t"}' })).status).toBe(409);
    expect(await request.settled()).toBe('called_back');
    expect(request.callbacks.map(({ verdict }) => verdict)).toEqual(['accepted', 'repeated', 'conflicting']);
  });

  it('takes a repeat also after the time', async () => {
    const { sim } = await startPair({ callbackWithinMs: 4_000 });
    const sent = webhook(sim);
    const request = sim.send(sent);
    const url = sim.callbackUrl(sent.channel_id);
    expect((await callBack(url)).status).toBe(200);
    expect(await request.settled()).toBe('called_back');
    await new Promise((resolve) => setTimeout(resolve, 4_200));
    expect((await callBack(url)).status).toBe(200);
    expect(request.callbacks.map(({ verdict }) => verdict)).toEqual(['accepted', 'repeated']);
  });

  it.each([
    ['without the key', { authorization: '' }, 401, 'unauthorized'],
    ['with another key', { authorization: 'Bearer other' }, 401, 'unauthorized'],
    ['that are not JSON', { body: '{"data":' }, 400, 'malformed'],
    ['that are no object', { body: '[]' }, 400, 'malformed'],
    ['with nothing in them', { body: '' }, 400, 'malformed'],
    ['without data or error', { body: '{"task_id":"t"}' }, 400, 'malformed'],
    ['whose data is a list', { body: '{"data":[]}' }, 400, 'malformed'],
    ['whose task_id is a number', { body: '{"data":{},"task_id":1}' }, 400, 'malformed'],
    ['whose error is empty', { body: '{"error":""}' }, 400, 'malformed'],
    ['of another media type', { contentType: 'text/plain' }, 415, 'malformed'],
    ['of more than 10 MiB', { body: JSON.stringify({ data: { a: 'x'.repeat(10_485_760) } }) }, 413, 'malformed'],
  ])('refuses those %s, and goes on waiting', async (_, call, status, verdict) => {
    const { sim } = await startPair();
    const sent = webhook(sim);
    const request = sim.send(sent);
    await request.firstAttempt();
    const url = sim.callbackUrl(sent.channel_id);
    expect(await callBack(url, call)).toEqual({ status, json: { error: verdict, message: expect.any(String) } });
    expect(request.callbacks).toMatchObject([{ verdict, status, body: null, reason: expect.stringMatching(/\.$/) }]);
    expect(request.state).toBe('delivered');
    expect((await callBack(url)).status).toBe(200);
  });

  it('refuses those for a channel or a path that is not there', async () => {
    const { sim } = await startPair();
    const request = sim.send(webhook(sim));
    for (const path of ['/v1/callback/other', '/v1/callback/', '/v1/callback/a/b', '/']) {
      const { status, json } = await callBack(sim.callbackOrigin + path);
      expect({ path, status, json }).toMatchObject({ status: 404, json: { error: 'unknown_channel' } });
    }
    expect(sim.callbacks.map(({ channelId }) => channelId)).toEqual(['other', null, null, null]);
    expect(request.callbacks).toEqual([]);
  });

  it('once for the same webhook sent again: an idempotent receiver calls back once', async () => {
    const { sim } = await startPair();
    const sent = webhook(sim);
    const [first, second] = [sim.send(sent), sim.send(sent)];
    await Promise.all([first.firstAttempt(), second.firstAttempt()]);
    await callBack(sim.callbackUrl(sent.channel_id));
    expect([await first.settled(), await second.settled()]).toEqual(['called_back', 'called_back']);
    expect(await sim.send(sent).settled()).toBe('called_back');
    expect(sim.callbacks).toHaveLength(1);
  });

  it('of channels with any characters in their ids', async () => {
    const { sim } = await startPair();
    for (const channel_id of ['a/b c?d#e', '日本 %2F 👩🏽‍🚀', 'x'.repeat(500)]) {
      const request = sim.send(webhook(sim, { channel_id, callback_url: sim.callbackUrl(channel_id) }));
      expect((await callBack(sim.callbackUrl(channel_id))).status).toBe(200);
      expect(await request.settled()).toBe('called_back');
    }
  });

  it('at the origin that the receiver knows it by', async () => {
    const { sim } = await startPair({ callbackOrigin: 'http://gateway.internal:8000' });
    const sent = webhook(sim);
    expect(sent).toMatchObject({ callback_url: `http://gateway.internal:8000/v1/callback/${sent.channel_id}` });
    expect(sim.send(sent).expectsCallback).toBe(true);
  });

  it('and awaits none for other types, nor where the callback goes elsewhere or is not required', async () => {
    const { sim } = await startPair();
    for (const changes of [
      { type: 'task.completed' },
      { callback_url: 'https://api.modelriver.com/v1/callback/x' },
      { callback_url: null },
      { callback_required: false },
    ]) {
      expect(await sim.send(webhook(sim, changes)).settled()).toBe('delivered');
    }
  });

  describe('with faults:', () => {
    it('answers with a status, so many times', async () => {
      const { sim } = await startPair();
      const sent = webhook(sim);
      const request = sim.send(sent);
      const url = sim.callbackUrl(sent.channel_id);
      sim.faults.answer(503, { times: 2, headers: { 'retry-after': '7' } });
      const raw = await fetch(url, { method: 'POST' });
      expect([raw.status, raw.headers.get('retry-after')]).toEqual([503, '7']);
      expect((await callBack(url)).status).toBe(503);
      expect((await callBack(url)).status).toBe(200);
      expect(await request.settled()).toBe('called_back');
      expect(request.callbacks.map(({ verdict, status }) => [verdict, status])).toEqual([
        ['failed', 503],
        ['failed', 503],
        ['accepted', 200],
      ]);
    });

    it('redirects, hangs and breaks the connection', async () => {
      const { sim, receiver } = await startPair();
      const sent = webhook(sim);
      const request = sim.send(sent);
      await request.firstAttempt();
      const url = sim.callbackUrl(sent.channel_id);
      sim.faults.redirect(receiver.url);
      sim.faults.hang();
      sim.faults.close();
      const init = { method: 'POST', redirect: 'manual' as const };
      const redirected = await fetch(url, init);
      expect([redirected.status, redirected.headers.get('location')]).toEqual([307, receiver.url]);
      await expect(fetch(url, { ...init, signal: AbortSignal.timeout(500) })).rejects.toThrow('timeout');
      await expect(fetch(url, init)).rejects.toThrow('fetch failed');
      expect(request.callbacks.map(({ verdict, status }) => [verdict, status])).toEqual([
        ['failed', 307],
        ['failed', null],
        ['failed', null],
      ]);
      expect(receiver.requests).toHaveLength(1);
    });

    it('loses the answer to a callback that it took: the repeat is in', async () => {
      const { sim } = await startPair();
      const sent = webhook(sim);
      const request = sim.send(sent);
      const url = sim.callbackUrl(sent.channel_id);
      sim.faults.close({ taken: true });
      await expect(callBack(url)).rejects.toThrow('fetch failed');
      expect(await request.settled()).toBe('called_back');
      expect((await callBack(url)).status).toBe(200);
      expect(request.callbacks.map(({ verdict, status }) => [verdict, status])).toEqual([
        ['accepted', null],
        ['repeated', 200],
      ]);
    });

    it('only for one channel, until they are cleared', async () => {
      const { sim } = await startPair();
      const [a, b] = [webhook(sim), webhook(sim)];
      for (const one of [a, b]) sim.send(one);
      sim.faults.answer(500, { channelId: a.channel_id, times: 5 });
      expect((await callBack(sim.callbackUrl(b.channel_id))).status).toBe(200);
      expect((await callBack(sim.callbackUrl(a.channel_id))).status).toBe(500);
      sim.faults.clear();
      expect((await callBack(sim.callbackUrl(a.channel_id))).status).toBe(200);
    });

    it('closes although one hangs', async () => {
      const { sim } = await startPair();
      sim.faults.hang();
      const hanging = fetch(sim.callbackUrl('x'), { method: 'POST' });
      const ended = expect(hanging).rejects.toThrow('fetch failed');
      while (sim.callbacks.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      await sim.close();
      await ended;
    });
  });

  it('says that its port is taken', async () => {
    const { sim } = await startPair();
    const port = Number(new URL(sim.callbackOrigin).port);
    await expect(startGatewaySim({ secret: 's', apiKey: 'k', port })).rejects.toMatchObject({
      code: 'address_in_use',
      hint: expect.not.stringContaining('PORT'),
    });
  });
});

describe('the time for a callback', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('begins anew with each attempt', () => {
    const channel = new Channel(300_000);
    channel.begin();
    vi.advanceTimersByTime(299_999);
    expect(channel.isOver).toBe(false);
    channel.begin();
    vi.advanceTimersByTime(299_999);
    expect(channel.isOver).toBe(false);
    vi.advanceTimersByTime(1);
    expect(channel.isOver).toBe(true);
    channel.begin();
    expect(channel.isOver).toBe(false);
  });
});
