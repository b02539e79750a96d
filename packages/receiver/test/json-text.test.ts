import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { elementsOf, inspect, membersOf, mendSurrogates, objectOf, textOf } from '../src/json-text.js';

const anyText = fc.string({
  unit: fc.oneof(fc.constantFrom('\\', '"', '\0', '\ud800', '\udc00', '\ud83d', '\ude00', 'u'), fc.string()),
});
const objects = fc.dictionary(anyText, fc.jsonValue(), { noNullPrototype: true });
const indents = fc.constantFrom('', '  ', '\t\r\n');

describe('elementsOf', () => {
  it('takes apart what JSON.parse reads, in any spacing', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), indents, (list, indent) => {
        const text = `${indent}${JSON.stringify(list, null, indent)}${indent}`;
        expect(elementsOf(text).map((element) => JSON.parse(element))).toEqual(JSON.parse(text));
      }),
    );
  });

  it('finds nothing in what is no list', () => {
    for (const text of ['{"a":[1]}', '"[1]"', '7', 'null', undefined]) expect(elementsOf(text)).toEqual([]);
  });
});

describe('membersOf and objectOf', () => {
  it('take apart and put together what JSON.parse reads, in any spacing', () => {
    fc.assert(
      fc.property(objects, indents, (object, indent) => {
        const text = `${indent}${JSON.stringify(object, null, indent)}${indent}`;
        const members = membersOf(text);
        const parsed: Record<string, unknown> = JSON.parse(text);
        expect(new Map([...members].map(([key, value]) => [key, JSON.parse(value)]))).toEqual(
          new Map(Object.entries(parsed)),
        );
        expect(JSON.parse(objectOf(members))).toEqual(parsed);
      }),
    );
  });

  it('keep every digit of a number', () => {
    const text = '{"id":12345678901234567890123, "price":10.00,"tiny":1e-400}';
    expect(objectOf(membersOf(text))).toBe('{"id":12345678901234567890123,"price":10.00,"tiny":1e-400}');
  });

  it('let the last of equal keys win, and keep __proto__ a key like any other', () => {
    expect([...membersOf('{"a":1,"__proto__":{"b":2},"a":3}')]).toEqual([
      ['a', '3'],
      ['__proto__', '{"b":2}'],
    ]);
  });

  it('see no members in anything but an object', () => {
    for (const text of [undefined, 'null', '[1,{"a":2}]', '"{}"', '12', '{}', '{ }'])
      expect(membersOf(text).size).toBe(0);
  });

  it('need no stack for deep nesting', () => {
    const deep = `${'{"a":['.repeat(200_000)}${']}'.repeat(200_000)}`;
    expect(membersOf(deep).size).toBe(1);
    expect(inspect(deep).depth).toBe(400_000);
  });
});

describe('mendSurrogates', () => {
  it('does to the text what toWellFormed does to each string', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(JSON.parse(mendSurrogates(JSON.stringify(text)))).toBe(text.toWellFormed());
      }),
    );
  });

  it('leaves pairs, and a backslash before "ud800", as they are', () => {
    const text = String.raw`["\ud83d\ude00","\\ud800","\\\\ud800"]`;
    expect(mendSurrogates(text)).toBe(text);
    expect(JSON.parse(mendSurrogates(String.raw`["\ude00\ud83d","\\\ud800","\ud83d\ud83d\ude00"]`))).toEqual([
      '\ufffd\ufffd',
      '\\\ufffd',
      '\ufffd😀',
    ]);
  });
});

describe('inspect', () => {
  it('finds a NUL in a key or a value exactly when there is one', () => {
    fc.assert(
      fc.property(objects, (object) => {
        const strings: string[] = [];
        JSON.stringify(object, (key, value) => {
          strings.push(key, typeof value === 'string' ? value : '');
          return value;
        });
        expect(inspect(JSON.stringify(object)).hasNul).toBe(strings.some((text) => text.includes('\0')));
      }),
    );
  });

  it('counts the depth', () => {
    expect(['1', '{}', '[[]]', '{"a":[{}],"b":{}}', '"[[["'].map((text) => inspect(text).depth)).toEqual([
      0, 1, 2, 3, 0,
    ]);
  });
});

describe('textOf', () => {
  it('gives strings themselves, null for null and absent, JSON for the rest', () => {
    expect(['"a\\"b"', '""', 'null', undefined, '1984', '{"a":[1]}', 'false'].map(textOf)).toEqual([
      'a"b',
      '',
      null,
      null,
      '1984',
      '{"a":[1]}',
      'false',
    ]);
  });
});
