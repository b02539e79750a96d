import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toBody } from '../../src/deliver/prepare/body.js';
import { asJsonb, exact, json, withoutNumbers, withoutStrings } from './json-texts.js';

describe('a body', () => {
  const LONG = '12345678901234567890';

  it('is numerically equal to what JSONB holds, compact, and in the order that JavaScript writes', () => {
    fc.assert(
      fc.property(json, fc.boolean(), (given, isLong) => {
        const stored = asJsonb(isLong ? `{"a": ${given}, "n": ${LONG}}` : given);
        const body = toBody(stored);
        expect(isDeepStrictEqual(exact(body), exact(stored)), body).toBe(true);
        expect(withoutStrings(body)).not.toMatch(/\s/);
        expect(JSON.stringify(JSON.parse(withoutNumbers(body)))).toBe(withoutNumbers(body));
        // Beside a long number it is written another way, to the same bytes.
        if (isLong) expect(body).toBe(toBody(`{"a": ${toBody(asJsonb(given))}, "n": ${LONG}}`));
      }),
      { numRuns: 500 },
    );
  });

  it('never overflows the stack', () => {
    for (const leaf of ['1', LONG]) {
      for (const [open, close] of [
        ['[', ']'],
        ['{"a": ', '}'],
      ] as const) {
        const nested = open.repeat(100_000) + leaf + close.repeat(100_000);
        expect(Buffer.from(toBody(nested)).equals(Buffer.from(nested.replaceAll(' ', '')))).toBe(true);
      }
    }
  });

  it('takes a payload that looks like a number of the library for the payload that it is', () => {
    const odd = `{"isLosslessNumber": true, "toJSON": 1, "toString": "x", "value": "y", "n": ${LONG}}`;
    expect(toBody(odd)).toBe(odd.replaceAll(': ', ':').replaceAll(', ', ','));
  });

  it('has integer-like keys first and in order, as JavaScript has them, beside a long number too', () => {
    const order = '{"b": 1, "10": 2, "2": 3, "01": 4, "4294967294": 5, "4294967295": 6, "-1": 7, "n": N}';
    const expected = (n: string) => `{"2":3,"10":2,"4294967294":5,"b":1,"01":4,"4294967295":6,"-1":7,"n":${n}}`;
    for (const n of ['1', LONG]) expect(toBody(order.replace('N', n))).toBe(expected(n));
  });

  it('takes hostile payloads of 256 KiB in time that other deliveries do not notice', () => {
    const zeros = `0.1${'0'.repeat(16_000)}1`;
    for (const hostile of [
      `[${Array.from({ length: 16 }, () => zeros).join(', ')}]`,
      `[${Array.from({ length: 12_000 }, () => LONG).join(', ')}]`,
      `["${'\\\\'.repeat(120_000)}", ${LONG}]`,
      `["${'1'.repeat(250_000)}"]`,
      `[1${'0'.repeat(131_000)}]`,
      `{${Array.from({ length: 12_000 }, (_, i) => `"${20_000 - i}": 1`).join(', ')}, "n": ${LONG}}`,
    ]) {
      // Of a processor, which this process may have to wait for.
      const before = process.cpuUsage();
      toBody(hostile);
      const { user, system } = process.cpuUsage(before);
      expect((user + system) / 1000, hostile.slice(0, 30)).toBeLessThan(500);
    }
  });
});
