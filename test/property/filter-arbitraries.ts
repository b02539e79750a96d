import fc from 'fast-check';
import { Digits, isArray, isObject, type Json, type JsonObject } from './json-value.js';

/** Filters and payloads out of the same few keys and values, so that they meet. */

const NUMBERS = ['0', '-0', '1', '1.0', '10', '1e1', '10.00', '-5', '0.1', '0.10', '1E40', '-1e40', '5e-324'];
const LONG_NUMBERS = ['12345678901234567890', '12345678901234567891', '9007199254740993'];
// 😀 is greater than U+E000 by code point, and less by UTF-16 unit.
const STRINGS = ['', 'a', 'ab', 'abc', 'b', 'A', '1', '%_.*', 'ü', 'u\u0308', '\ue000', '😀', 'a😀b'];
const KEYS = ['a', 'a', 'a', 'b', 'b', 'c', 'a.b', '', 'a$', ' $eq', 'ü', '__proto__'];
const OPERATORS = ['$eq', '$ne', '$gt', '$gte', '$lt', '$lte', '$in', '$nin', '$exists', '$startsWith', '$endsWith'];
const MORE_OPERATORS = ['$contains', '$not', '$and', '$or'];
const NO_OPERATORS = ['$', '$$eq', '$EQ', '$gtt', '$where', '$regex', '$ eq'];

const number = fc.constantFrom(...NUMBERS, ...LONG_NUMBERS).map((text) => new Digits(text));
const string = fc.constantFrom(...STRINGS);
const scalar = fc.oneof(number, string, fc.boolean(), fc.constant(null));
const object = <T extends Json>(entry: fc.Arbitrary<[string, T]>, max = 3, min = 0): fc.Arbitrary<JsonObject> =>
  fc.array(entry, { minLength: min, maxLength: max }).map((entries) => new Map<string, Json>(entries));

function anyValue(keys: readonly string[]): fc.Arbitrary<Json> {
  return fc.letrec<{ value: Json }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4, depthSize: 'small' },
      scalar,
      fc.array(tie('value'), { maxLength: 4 }),
      object(fc.tuple(fc.constantFrom(...keys), tie('value'))),
    ),
  })).value;
}

const operand = anyValue(KEYS);

/** Payloads of any kind, objects as a rule; keys may look like operators. */
export const payload = fc.oneof(
  { weight: 5, arbitrary: object(fc.tuple(fc.constantFrom(...KEYS), anyValue([...KEYS, '$gt', '$not'])), 5, 1) },
  { weight: 1, arbitrary: anyValue(KEYS) },
);

/** Well inside the limits on size, which filter-limits.test.ts tests. */
function isSmall(value: Json): boolean {
  let [level, nodes]: [readonly Json[], number] = [[value], 0];
  for (let levels = 1; level.length > 0; levels += 1) {
    nodes += level.length;
    if (levels > 10 || nodes > 100) return false;
    level = level.flatMap((node) => (isObject(node) ? [...node.values()] : isArray(node) ? node : []));
  }
  return true;
}

const wellFormed = fc.letrec<{ filter: JsonObject; condition: Json }>((tie) => ({
  filter: object(
    fc.oneof(
      { weight: 3, arbitrary: fc.tuple(fc.constantFrom(...KEYS), tie('condition')) },
      { weight: 1, arbitrary: operator(tie('filter')) },
    ),
  ),
  condition: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    scalar,
    object(operator(tie('filter')), 2, 1),
    operand,
    tie('filter'),
  ),
})).filter;

function operator(inner: fc.Arbitrary<JsonObject>): fc.Arbitrary<[string, Json]> {
  const filters = fc.array(inner, { minLength: 1, maxLength: 3 });
  return fc.oneof(
    fc.tuple(fc.constantFrom('$eq', '$ne'), fc.oneof(scalar, operand)),
    fc.tuple(fc.constantFrom('$gt', '$gte', '$lt', '$lte'), fc.oneof(number, string)),
    fc.tuple(fc.constantFrom('$in', '$nin'), fc.array(fc.oneof(scalar, operand), { maxLength: 3 })),
    fc.tuple(fc.constant('$exists'), fc.boolean()),
    fc.tuple(fc.constantFrom('$startsWith', '$endsWith', '$contains'), string),
    fc.tuple(fc.constant('$not'), inner),
    fc.tuple(fc.constantFrom('$and', '$or'), filters),
  );
}

/** Filters that are well formed. */
export const filter = wellFormed.filter(isSmall);

/** A filter and a payload that may meet. */
export interface Meeting {
  readonly filter: JsonObject;
  readonly payload: Json;
}

/** One operator, of its own operand, of the operand's members, or of something else; alone, or among the elements of an array. */
const closeMeeting = fc
  .record({
    operator: operator(filter),
    others: fc.array(fc.oneof(scalar, operand), { minLength: 1, maxLength: 3 }),
    nth: fc.nat(),
    isNegated: fc.boolean(),
    isInArray: fc.boolean(),
  })
  .map(({ operator: [name, operand], others, nth, isNegated, isInArray }): Meeting => {
    const values = [operand, ...(isArray(operand) ? operand : [operand]), ...others];
    const value = values[nth % values.length] ?? null;
    const condition = new Map([[name, operand]]);
    return {
      filter: new Map([['a', isNegated ? new Map([['$not', condition]]) : condition]]),
      payload: new Map([['a', isInArray ? [...others.slice(1), value] : value]]),
    };
  });

export const meeting: fc.Arbitrary<Meeting> = fc.oneof(fc.record({ filter, payload }), closeMeeting);

/** JSON that somebody might write as a filter: sound or not. */
export const attempt = fc
  .oneof(
    filter,
    object(fc.tuple(fc.constantFrom(...KEYS, ...OPERATORS, ...MORE_OPERATORS), operand), 2, 1),
    object(fc.tuple(fc.constantFrom(...KEYS), object(operator(filter), 2, 1)), 2, 1),
    anyValue([...KEYS, ...KEYS, ...OPERATORS, ...MORE_OPERATORS, ...NO_OPERATORS]),
  )
  .filter(isSmall);
