import fc from 'fast-check';
import { type GraphQLInputType, getNullableType, isEnumType, isInputObjectType, isListType } from 'graphql';
import { OTHERS } from './api-requests.js';

const TEXTS = ['', ' ', 'x'.repeat(300), '\u0000', 'a\u0000b', '\ud800', '\u202e', "'; DROP TABLE webhooks; --", '%00'];
const FIT = ['n', 'video.generated', 'https://a.example/hook', 'http://127.0.0.1:1', 'javascript:alert(1)', '12', ''];
const TIMES = [
  '2020-01-01T00:00:00Z',
  '2021-02-30T00:00:00Z',
  '2020-01-01T00:00:00+16:00',
  '9999-12-31T23:59:59-12:00',
];
const JSONS: readonly unknown[] = [
  {},
  { status: 'completed' },
  { a: { $gt: 1 } },
  { a: [1, { b: null }] },
  { toJSON: 1 },
];

const deep = (levels: number): unknown => JSON.parse(`${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`);

/** What no type takes, or hardly. */
export const hostile: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(
    ...TEXTS,
    ...OTHERS,
    deep(150),
    Array.from({ length: 600 }, () => 'x'),
  ),
  fc.jsonValue({ maxDepth: 3, noUnicodeString: false }),
  fc.string({ unit: 'binary', maxLength: 40 }),
);

/** Mostly what the type takes. */
export function fitting(given: GraphQLInputType, ids: readonly string[], name = ''): fc.Arbitrary<unknown> {
  const type = getNullableType(given);
  if (isListType(type)) return fc.array(fitting(type.ofType, ids, name), { maxLength: 4 });
  if (isEnumType(type)) return fc.constantFrom(...type.getValues().map(({ name }) => name));
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields());
    const value = ({ name: field, type: of }: (typeof fields)[number]) =>
      fc.oneof({ weight: 40, arbitrary: fitting(of, ids, field) }, { weight: 1, arbitrary: hostile });
    return fc.record(Object.fromEntries(fields.map((field) => [field.name, value(field)])), {
      requiredKeys: fields.filter((field) => getNullableType(field.type) !== field.type).map(({ name }) => name),
      noNullPrototype: true,
    });
  }
  if (type.name === 'UUID')
    return fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...ids) }, { weight: 1, arbitrary: fc.uuid() });
  if (type.name === 'DateTime')
    return fc.oneof(
      { weight: 2, arbitrary: fc.constant('2020-01-01T00:00:00Z') },
      { weight: 1, arbitrary: fc.constantFrom(...TIMES) },
    );
  if (type.name === 'Int')
    return fc.oneof({ weight: 8, arbitrary: fc.integer({ min: 1, max: 10 }) }, { weight: 1, arbitrary: fc.integer() });
  if (type.name === 'Boolean') return fc.boolean();
  if (type.name.startsWith('JSON')) return fc.oneof(fc.constantFrom(...JSONS), fc.object({ maxDepth: 2 }));
  const fit = name.startsWith('event_type') ? 'video.generated' : name === 'url' ? 'https://a.example/hook' : 'n';
  return fc.oneof(
    { weight: 4, arbitrary: fc.constant(fit) },
    { weight: 1, arbitrary: fc.constantFrom(...FIT, ...TEXTS) },
  );
}

/** As GraphQL writes it, where it can be written. */
export function literal(value: unknown, given: GraphQLInputType): string {
  if (isEnumType(getNullableType(given)) && typeof value === 'string') return value || 'null';
  if (Array.isArray(value)) return `[${value.map((item) => literal(item, given)).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    return `{ ${Object.entries(value)
      .map(([name, item]) => `${name}: ${literal(item, given)}`)
      .join(', ')} }`;
  }
  return value === undefined ? 'null' : JSON.stringify(value);
}
