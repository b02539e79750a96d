import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HooklineError } from '../../src/errors.js';
import type { Provider, Review } from '../../src/schema/provider.js';
import { guardExit } from '../../src/schema/replay/exit-guard.js';
import { jsonEqual } from '../../src/schema/replay/json-equal.js';
import { loadMapping } from '../../src/schema/replay/mapping.js';
import { type ReplayReport, summaryOf } from '../../src/schema/replay/report.js';
import { checkReplay, REPLAY_REQUIRED, requiresReplay, withRequirement } from '../../src/schema/replay/requirement.js';
import { speedOf } from '../../src/schema/replay/speed.js';
import { schemaHash } from '../../src/schema/table/schema-hash.js';

describe('the verdict on speed', () => {
  const all = (count: number, base: number, branch: number) =>
    Array.from({ length: count }, () => ({ base: [base, base, base], branch: [branch, branch, branch] }));

  test.each([
    ['the same', all(9, 2, 2), false],
    ['above the ratio', all(9, 2, 3.2), true],
    ['below it', all(9, 2, 2.9), false],
    ['above it by less than noise', all(9, 0.2, 0.6), false],
    ['faster', all(9, 3, 1), false],
    ['a few slow ones', [...all(9, 2, 2), ...all(3, 2, 90)], false],
    ['a bad moment of each', all(9, 2, 2).map(({ base }) => ({ base, branch: [2, 2, 900] })), false],
  ])('%s', (_name, timings, slower) => {
    expect(speedOf(timings, 1.5)?.slower).toBe(slower);
  });

  test('tells medians, the ratio and the slow end', () => {
    const timings = Array.from({ length: 20 }, (_, n) => ({ base: [1, n + 1, 100], branch: [2 * (n + 1), 0, 200] }));
    expect(speedOf(timings, 1.5)).toEqual({
      ...{ baseMedianMs: 10.5, branchMedianMs: 21, baseP95Ms: 19, branchP95Ms: 38 },
      ...{ ratio: 2, slowerThan: 1.5, slower: true },
    });
  });

  test('is none without a webhook that both stored', () => {
    expect(speedOf([], 1.5)).toBeNull();
    expect(speedOf([{ base: [], branch: [1] }], 1.5)).toBeNull();
  });
});

describe('JSON is compared by its values', () => {
  test.each([
    ['{"a":1,"b":[true,null]}', ' { "b" : [true, null], "a": 1.0 }'],
    ['"\\u00e4"', '"ä"'],
    ['[1e2, -0.50, 0]', '[100,-5e-1,0.0]'],
    ['{"n":12345678901234567890}', '{"n":12345678901234567890.0}'],
    ['no json', 'no json'],
  ])('%s is %s', (one, other) => {
    expect(jsonEqual(one, other)).toBe(true);
  });

  test.each([
    ['{"a":1}', '{"a":1,"b":null}'],
    ['[1,2]', '[2,1]'],
    ['{"n":12345678901234567890}', '{"n":12345678901234567000}'],
    ['"1"', '1'],
    ['null', 'false'],
    ['no json', 'other'],
  ])('%s is not %s', (one, other) => {
    expect(jsonEqual(one, other)).toBe(false);
  });
});

const REPORT: ReplayReport = {
  ...{ branch: 'v2', schemaHash: 'a'.repeat(64), source: 'stored', webhooks: 10, passed: 10, acknowledged: 0 },
  ...{ notCompared: 0, failedBefore: 0, counts: { failed: 0, different: 0, cut: 0 }, failed: [], different: [] },
  ...{ cut: [], newColumns: [], droppedColumns: [], speed: null, stopped: null, worse: false },
  ...{ startedAt: '2026-01-01T00:00:00.000Z', tookMs: 1 },
};

test('a report in one line', () => {
  expect(summaryOf(REPORT)).toBe('Replay passed: 10 webhooks on v2, all stored as before.');
  const bad: ReplayReport = {
    ...REPORT,
    ...{ passed: 6, counts: { failed: 2, different: 1, cut: 3 }, worse: true },
    droppedColumns: [
      { column: 'summary', filled: 3 },
      { column: 'old', filled: 0 },
    ],
    speed: {
      ...{ baseMedianMs: 2, branchMedianMs: 4, baseP95Ms: 3, branchP95Ms: 6, ratio: 2, slowerThan: 1.5, slower: true },
    },
  };
  expect(summaryOf(bad)).toBe(
    'Replay failed: 10 webhooks on v2, 6 stored as before, 2 failed, 1 value different, 3 values cut, data lost with summary; an insert takes 4 ms (2 ms before), slower.',
  );
});

describe('a required replay', () => {
  const schema = new Map();
  const hash = schemaHash(schema);
  const verdict = (changes: object = {}) =>
    JSON.stringify({
      request: 7,
      result: 'passed',
      schema: hash,
      webhooks: 5,
      at: '2026-01-02T00:00:00.000Z',
      ...changes,
    });
  const pass = (changes: object = {}) => `Replay passed: 5 webhooks on v2, all.\nhookline-replay ${verdict(changes)}`;

  /** Which `checkReplay` gives for these reviews, written one after another: none when it is content. */
  async function wordOn(...bodies: (string | Partial<Review>)[]): Promise<string | null> {
    const reviews = bodies.map((one, at) => ({
      state: 'commented',
      createdAt: new Date(Date.UTC(2026, 0, 9) + at).toISOString(),
      ...(typeof one === 'string' ? { body: one } : one),
    }));
    const provider = {
      deployRequests: { reviews: async () => reviews },
      schemaOf: async () => schema,
    } as unknown as Provider;
    try {
      await checkReplay(provider, { number: 7, branch: 'v2' });
      return null;
    } catch (error) {
      if (!(error instanceof HooklineError) || error.code !== 'replay_required') throw error;
      return error.message;
    }
  }

  test('is marked by a line of the notes', () => {
    expect(withRequirement('')).toBe(REPLAY_REQUIRED);
    const notes = withRequirement('Adds scores.');
    expect(notes).toBe(`Adds scores.\n\n${REPLAY_REQUIRED}`);
    expect(withRequirement(notes)).toBe(notes);
    expect(requiresReplay({ notes: notes.replaceAll('\n', '\r\n') })).toBe(true);
    expect(requiresReplay({ notes: `It says: ${REPLAY_REQUIRED}` })).toBe(false);
    expect(requiresReplay({ notes: '' })).toBe(false);
  });

  test('is there when the newest passed', async () => {
    expect(await wordOn(pass())).toBeNull();
    expect(await wordOn('Looks good.', pass().replaceAll('\n', '\r\n'), { state: 'approved', body: 'Yes' })).toBeNull();
    const failed = `Replay failed: x\nhookline-replay ${verdict({ result: 'failed', at: '2026-01-01T00:00:00.000Z' })}`;
    expect(await wordOn(failed, pass())).toBeNull();
    expect(await wordOn(pass(), failed)).toMatch(/failed/);
    expect(await wordOn(pass(), failed, pass())).toMatch(/failed/);
    // By when they were written, whatever the clocks of those who replayed and the order of the list.
    expect(await wordOn(failed.replaceAll('01-01T', '01-03T'), pass())).toBeNull();
    const createdAt = '2026-01-08T00:00:00.000Z';
    expect(await wordOn(pass(), { body: failed, createdAt })).toBeNull();
    expect(await wordOn({ body: failed, createdAt }, { body: pass(), createdAt })).toMatch(/failed/);
    expect(await wordOn(pass({ schema: 'b'.repeat(64) }))).toMatch(/has changed since/);
  });

  test.each([
    ['a quotation', `> ${pass().replaceAll('\n', '\n> ')}`],
    ['text before', `See:\n${pass()}`],
    ['text after', `${pass()}\nAgreed.`],
    ['no summary', `hookline-replay ${verdict()}`],
    ['a summary of another result', pass().replace('Replay passed', 'Replay failed')],
    ['another deploy request', pass({ request: 8 })],
    ['an additional member', pass({ by: 'me' })],
    ['a result of another kind', pass({ result: 'skipped' })],
    ['no hash', pass({ schema: 'x' })],
    ['no time', pass({ at: 'now' })],
    ['broken JSON', pass().slice(0, -1)],
    ['another form', pass().replace('{"request"', '{ "request"')],
  ])('is not %s', async (_name, body) => {
    expect(await wordOn(body)).toMatch(/none was made/);
  });

  test('is not an approval with these words', async () => {
    expect(await wordOn({ state: 'approved', body: pass() })).toMatch(/none was made/);
    expect(await wordOn()).toMatch(/none was made/);
  });
});

test('what ends the process in the middle of a replay does not end it as a success', async () => {
  const { exitCode } = process;
  const before = process.listeners('exit');
  await guardExit(async () => {
    const [guard] = process.listeners('exit').filter((one) => !before.includes(one));
    guard?.(0);
    expect(process.exitCode).toBe(1);
    process.exitCode = exitCode;
  });
  expect(process.listeners('exit')).toEqual(before);
});

describe('a mapping', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hookline-mapping-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  async function load(name: string, text: string) {
    await writeFile(join(folder, name), text);
    return loadMapping(join(folder, name));
  }

  test.each([
    ['named.mjs', 'export const mapRecord = () => 7;'],
    ['default.mjs', 'export default () => 7;'],
    ['member.mjs', 'export default { mapRecord: () => 7 };'],
    ['common.cjs', 'module.exports = { mapRecord: () => 7 };'],
  ])('%s', async (name, text) => {
    const mapRecord = (await load(name, text)) as unknown as () => number;
    expect(mapRecord()).toBe(7);
  });

  test.each([
    ['none.mjs', 'export const other = 1;', /exports no mapRecord, but other/],
    ['nothing.mjs', '', /and nothing else/],
    ['value.mjs', 'export const mapRecord = 5;', /no function/],
    ['broken.mjs', 'export const = ;', /cannot be loaded/],
    ['throws.mjs', 'throw new Error("no key");', /no key/],
  ])('%s is refused', async (name, text, words) => {
    const error = await load(name, text).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'replay_handler_unreadable', message: expect.stringMatching(words) });
  });

  test('one that is not there is refused', async () => {
    await expect(loadMapping(join(folder, 'absent.mjs'))).rejects.toMatchObject({ code: 'replay_handler_unreadable' });
    await expect(loadMapping(folder)).rejects.toMatchObject({ message: expect.stringMatching(/is no file/) });
  });
});
