import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { argumentError } from '../../src/cli/argument-error.js';
import { printError } from '../../src/cli/print-error.js';
import { fitted, lineTexts } from '../../src/cli/remote/fit.js';
import { duration, pointInTime, userOf } from '../../src/cli/remote/options.js';
import { printRows } from '../../src/cli/remote/output.js';
import { progressLine, type Replay } from '../../src/cli/remote/replay/text.js';
import { safeJson } from '../../src/cli/remote/style.js';
import { stateOf, type Webhook } from '../../src/cli/remote/webhooks/text.js';
import { BETWEEN, widthOf } from '../../src/cli/table.js';
import { HooklineError } from '../../src/errors.js';

const word = fc.string({
  unit: fc.constantFrom('a', ' ', '視', '\n', '\u001b', '\u009b', '\u202e', 'é'),
  maxLength: 30,
});
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is about them
const HARMFUL = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/;

describe('tables of the command line', () => {
  afterEach(() => vi.restoreAllMocks());

  it('are as wide as the terminal at most, where columns may be cut, and all columns stand below each other', () => {
    const column = fc.record({
      least: fc.integer({ min: 1, max: 5 }),
      cutTo: fc.option(fc.nat({ max: 10 }), { nil: undefined }),
    });
    const table = fc.integer({ min: 1, max: 5 }).chain((count) =>
      fc.record({
        columns: fc.array(column, { minLength: count, maxLength: count }),
        rows: fc.array(fc.array(word, { minLength: count, maxLength: count }), { minLength: 1, maxLength: 5 }),
        width: fc.integer({ min: 1, max: 120 }),
      }),
    );
    fc.assert(
      fc.property(table, ({ columns, rows, width }) => {
        const texts = lineTexts(rows);
        expect(texts.flat().join('')).not.toMatch(HARMFUL);
        const fits = fitted(columns, texts, width);
        const wide = fits.widths.reduce((all, each) => all + each, BETWEEN.length * (columns.length - 1));
        const isCut = fits.widths.some((each, at) => each !== columns[at]?.least);
        if (isCut) expect(wide).toBeLessThanOrEqual(width);
        for (const [line, row] of fits.texts.entries()) {
          if (isCut) expect(row.map(widthOf)).toEqual(fits.widths);
          for (const [at, text] of row.entries()) {
            const whole = texts[line]?.[at] ?? '';
            const kept = text.trimEnd();
            expect(kept === whole.trimEnd() || (kept.endsWith('…') && whole.startsWith(kept.slice(0, -1)))).toBe(true);
          }
        }
      }),
    );
  });

  it('leave optional columns out, the last first, and tell row by row where even that is too wide', () => {
    const columns = [
      { name: 'id', of: ({ id }: { id: string }) => id },
      { name: 'name', of: () => 'n'.repeat(20), cutTo: 6 },
      { name: 'first', of: () => '1', isOptional: true },
      { name: 'second', of: () => '2', isOptional: true },
    ];
    const printed = (width: number) => {
      let out = '';
      const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
        out += String(text);
        return true;
      });
      const before = { isTTY: process.stdout.isTTY, columns: process.stdout.columns };
      Object.assign(process.stdout, { isTTY: true, columns: width });
      vi.stubEnv('NO_COLOR', '1');
      printRows(columns, [{ id: 'i'.repeat(36) }]);
      vi.unstubAllEnvs();
      Object.assign(process.stdout, before);
      write.mockRestore();
      // biome-ignore lint/suspicious/noControlCharactersInRegex: a colour
      return out.replace(/\u001b\[\d+m/g, '');
    };
    expect(printed(100).split('\n')[0]).toMatch(/^ID +NAME +FIRST +SECOND$/);
    expect(printed(62).split('\n')[1]).toBe(`${'i'.repeat(36)}   nnnnn…   1       2`);
    expect(printed(54).split('\n')[0]).toMatch(/^ID +NAME +FIRST$/);
    expect(printed(46).split('\n')[0]).toMatch(/^ID +NAME$/);
    // Row by row there is room for all; what is copied, the terminal itself breaks.
    expect(printed(30)).toBe(`ID       ${'i'.repeat(36)}\nNAME     ${'n'.repeat(20)}\nFIRST    1\nSECOND   2\n`);
  });
});

describe('JSON for a terminal', () => {
  it('is the same document, and does nothing to it', () => {
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), word, fc.string({ unit: 'binary' })), (value) => {
        const text = safeJson(JSON.stringify(value));
        expect(text).not.toMatch(HARMFUL);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});

describe('arguments', () => {
  it('take times, days, and how long ago', () => {
    expect(pointInTime('2026-01-31')).toBe('2026-01-31T00:00:00Z');
    expect(pointInTime('2026-01-31T12:00:00.5+02:00')).toBe('2026-01-31T12:00:00.5+02:00');
    expect(pointInTime('2026-01-31t12:00:00.123456z')).toBe('2026-01-31T12:00:00.123456Z');
    const ago = Date.now() - Date.parse(pointInTime('90m'));
    expect(Math.abs(ago - 90 * 60_000)).toBeLessThan(60_000);
    const zoned = ['2026-01-01T10:00:00', '2026-01-01T10:00:00Z[Europe/Vienna]', '2026-02-30T10:00:00Z'];
    const days = ['2026-02-30', '2026-13-01', '0000-01-01'];
    for (const wrong of ['', '0', '5', ...days, ...zoned, '99999999d', '1w', '-1h', 'now']) {
      expect(() => pointInTime(wrong), wrong).toThrow('It takes a time such as');
    }
    expect(duration(60, 86_400, '1m to 24h')('24h')).toBe(86_400);
    expect(() => duration(60, 86_400, '1m to 24h')('25h')).toThrow('1m to 24h');
  });

  it('name a user by a UUID or by any other id', () => {
    expect(userOf('8C3E5A10-0000-4000-8000-000000000001')).toEqual({ user_id: '8c3e5a10-0000-4000-8000-000000000001' });
    expect(userOf('user_456')).toEqual({ external_user_id: 'user_456' });
    expect(userOf(undefined)).toEqual({});
  });

  it('are repeated without credentials', () => {
    const key = `hk_${'A'.repeat(43)}`;
    expect(argumentError(`error: '${key}' \u001b[2J 'hkp_abcdefghi' 'eyJhbGciOi.eyJzdWIi.sig'`)).toBe(
      "error: 'hk_…' ?[2J 'hkp_…' 'eyJ…'",
    );
  });
});

describe('how things stand', () => {
  const webhook = {
    ...{ is_active: true, disabled_reason: null, breaker_until: null, paused_until: null, failing_since: null },
  } as Webhook;
  it.each([
    [{}, 'active'],
    [{ failing_since: '2026-01-01T00:00:00Z' }, 'failing'],
    [{ paused_until: '2026-01-01T00:01:00Z' }, 'paused'],
    [{ paused_until: '2025-12-31T23:59:00Z' }, 'active'],
    [{ breaker_until: '2026-01-01T00:00:00Z', failing_since: '2026-01-01T00:00:00Z' }, 'breaker open'],
    [{ is_active: false }, 'inactive'],
    [{ is_active: false, disabled_reason: 'failing for 5 days' }, 'disabled'],
  ])('a webhook of %j is %s', (over, state) => {
    expect(stateOf({ ...webhook, ...over }, Date.parse('2026-01-01T00:00:00Z'))).toBe(state);
  });

  it('a replay tells how far it is', () => {
    const replay = { created: 2_700, total: 6_000, rate_per_second: 50, waiting_for: null } as Replay;
    expect(progressLine(replay)).toBe('█████████░░░░░░░░░░░ 45 %, 2,700 of 6,000, about 66 s left');
    expect(progressLine({ ...replay, waiting_for: 'inactive' })).toContain('waits: the webhook is inactive');
    expect(progressLine({ ...replay, created: 7_000 })).toMatch(/^█{20} 100 %, .* about 0 s left$/);
  });
});

it('an error is told with its findings', () => {
  const said: string[] = [];
  const spy = vi.spyOn(console, 'error').mockImplementation((text) => void said.push(String(text)));
  const findings = [{ pointer: '/url', detail: 'It has to be https.' }];
  printError(new HooklineError('invalid_request', 'This cannot be taken.', { findings }));
  spy.mockRestore();
  expect(said).toEqual(expect.arrayContaining(['Error: This cannot be taken.', '       /url: It has to be https.']));
});
