import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { toBody } from '../../src/deliver/prepare/body.js';
import { describeOnEachDatabase } from '../harness/databases.js';
import { exact, isShortestDouble, json, numbersOf, withoutNumbers, withoutStrings } from '../unit/json-texts.js';

describeOnEachDatabase(
  'a body made from JSONB',
  (ctx) => {
    const jsonb = async (given: string): Promise<string> => {
      const { rows } = await ctx.db().query<{ text: string }>('SELECT $1::jsonb::text AS text', [given]);
      return rows[0]?.text ?? '';
    };

    it('is numerically equal to what was given, compact, and as JavaScript would write it', async () => {
      await fc.assert(
        fc.asyncProperty(json, async (given) => {
          const stored = await jsonb(given);
          const body = toBody(stored);
          expect(isDeepStrictEqual(exact(body), exact(given)), body).toBe(true);
          expect(withoutStrings(body)).not.toMatch(/\s/);
          expect(JSON.stringify(JSON.parse(withoutNumbers(body)))).toBe(withoutNumbers(body));
          if (numbersOf(given).every(isShortestDouble)) {
            expect(JSON.stringify(JSON.parse(body))).toBe(body);
            expect(body).toBe(JSON.stringify(JSON.parse(stored)));
          }
        }),
        { numRuns: 400 },
      );
    });

    it.each([
      ['12345678901234567890', '12345678901234567890'],
      ['-9007199254740993', '-9007199254740993'],
      ['9007199254740992', '9007199254740992'],
      ['0.1', '0.1'],
      ['10.00', '10'],
      ['10.000000000000000000000000', '10'],
      ['1E+2', '100'],
      ['1e21', '1e+21'],
      ['1e-7', '1e-7'],
      ['1e400', `1${'0'.repeat(400)}`],
      ['1e-400', `0.${'0'.repeat(399)}1`],
      ['5e-324', '5e-324'],
      ['1.7976931348623157e308', '1.7976931348623157e+308'],
      ['-0', '0'],
      ['-0.000000000000000000000', '0'],
      ['3.14159265358979323846264338327950288419716939937510', '3.14159265358979323846264338327950288419716939937510'],
    ])('writes %s as %s', async (given, body) => {
      expect(toBody(await jsonb(given))).toBe(body);
      expect(toBody(await jsonb(`{"n": [${given}, 12345678901234567891]}`))).toBe(
        `{"n":[${body},12345678901234567891]}`,
      );
    });

    it('takes a thousand levels, with and without a long number', async () => {
      for (const leaf of ['1', '12345678901234567890']) {
        const nested = `{"a":[`.repeat(500) + leaf + ']}'.repeat(500);
        expect(toBody(await jsonb(nested))).toBe(nested);
      }
    });

    if (ctx.kind === 'postgres') {
      it('takes the deepest nesting that PostgreSQL takes', async () => {
        const taken: number[] = [];
        for (const levels of [3_000, 4_500, 6_000, 9_000, 12_000]) {
          for (const [open, close] of [
            ['[', ']'],
            ['{"a":', '}'],
          ] as const) {
            for (const leaf of ['1', '12345678901234567890']) {
              const nested = open.repeat(levels) + leaf + close.repeat(levels);
              const stored = await jsonb(nested).catch((error: Error & { code?: string }) => {
                expect(error.code).toBe('54001');
                return undefined;
              });
              if (stored === undefined) continue;
              taken.push(levels);
              expect(Buffer.from(toBody(stored)).equals(Buffer.from(nested))).toBe(true);
            }
          }
        }
        expect(Math.max(...taken)).toBeGreaterThanOrEqual(3_000);
      });
    }
  },
  { migrated: false },
);
