import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { spanContextOf, toTraceparent, traceIdOf, traceparentOf } from '../../src/observe/trace/traceparent.js';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SPAN = 'b7ad6b7169203331';
const GIVEN = `00-${TRACE}-${SPAN}-01`;

const hex = (length: number) =>
  fc.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`)).filter((text) => !/^0+$/.test(text));

describe('traceparent', () => {
  it('is taken as it came, with white space around, and of a later version as far as it is known', () => {
    for (const given of [GIVEN, ` ${GIVEN}\t`, `01-${TRACE}-${SPAN}-01`, `cc-${TRACE}-${SPAN}-01-what-comes-then`]) {
      expect(traceparentOf(given)).toBe(GIVEN);
    }
    expect(traceIdOf(GIVEN)).toBe(TRACE);
  });

  it.each([
    undefined,
    [GIVEN],
    '',
    GIVEN.toUpperCase(),
    `ff-${TRACE}-${SPAN}-01`,
    `00-${'0'.repeat(32)}-${SPAN}-01`,
    `00-${TRACE}-${'0'.repeat(16)}-01`,
    `${GIVEN}-more`,
    `00-${TRACE}-${SPAN}`,
    `00-${TRACE}-${SPAN}-1`,
    `${GIVEN}, ${GIVEN}`,
    `00-${TRACE}-${SPAN}-01\n00`,
    `00-${TRACE.replace('0', 'g')}-${SPAN}-01`,
  ])('is none of %j', (given) => {
    expect(traceparentOf(given)).toBeNull();
    expect(spanContextOf(typeof given === 'string' ? given : null)).toBeUndefined();
  });

  it('of any text is null, or of the form of version 00', () => {
    const almost = fc
      .tuple(fc.string(), fc.constantFrom('', '00-', '01-', 'ff-'), hex(32), hex(16))
      .map((parts) => parts.join('-'));
    fc.assert(
      fc.property(fc.oneof(fc.string(), almost), (text) => {
        expect(traceparentOf(text) ?? GIVEN).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/);
      }),
    );
  });

  it('and a span stand for each other', () => {
    fc.assert(
      fc.property(hex(32), hex(16), fc.integer({ min: 0, max: 255 }), (traceId, spanId, traceFlags) => {
        const text = toTraceparent({ traceId, spanId, traceFlags });
        expect(traceparentOf(text)).toBe(text);
        expect(spanContextOf(text)).toEqual({ traceId, spanId, traceFlags, isRemote: true });
      }),
    );
    expect(toTraceparent({ traceId: '0'.repeat(32), spanId: SPAN, traceFlags: 1 })).toBeUndefined();
  });
});
