import fc from 'fast-check';
import {
  type GraphQLArgument,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isObjectType,
} from 'graphql';
import { fitting, hostile, literal } from './graphql-values.js';

/** A document with one operation, and its variables. */
export interface Operation {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** A piece of a document, and the variables that it uses: their types, and what is sent for them. */
interface Piece {
  readonly text: string;
  readonly variables: readonly (readonly [type: string, value: unknown])[];
}

/** Operations on any field of the schema, that their values may be refused of. `ids` are of things that are there. */
export function operations(schema: GraphQLSchema, ids: readonly string[]): fc.Arbitrary<Operation> {
  const roots = (['query', 'mutation', 'subscription'] as const).flatMap((kind) => {
    const type =
      kind === 'query'
        ? schema.getQueryType()
        : kind === 'mutation'
          ? schema.getMutationType()
          : schema.getSubscriptionType();
    return Object.values(type?.getFields() ?? {}).map((field) => ({ kind, field }));
  });
  return fc.constantFrom(...roots).chain(({ kind, field }) =>
    fc
      .tuple(fieldPiece(field.name, field.args, field.type, ids, 0), fc.integer({ min: 1, max: 3 }))
      .map(([piece, copies]): Operation => {
        const types = piece.variables.map(([type], n) => `$v${n}: ${type}`);
        const values = piece.variables.flatMap(([, value], n) =>
          value === undefined ? [] : [[`v${n}`, value] as const],
        );
        // A subscription takes one field.
        const texts =
          kind === 'subscription'
            ? [piece.text]
            : Array.from({ length: copies }, (_, n) => (n === 0 ? piece.text : `a${n}: ${piece.text}`));
        const head = types.length === 0 ? kind : `${kind} (${types.join(', ')})`;
        return {
          query: `${head} { ${numbered(texts.join(' '), piece.variables.length)} }`,
          variables: Object.fromEntries(values),
        };
      }),
  );
}

/** Variables get their numbers at the end, in the order that they come in; a copy of a field uses those of the first. */
function numbered(text: string, count: number): string {
  let next = 0;
  return text.replaceAll('$?', () => `$v${next++ % count}`);
}

function fieldPiece(
  name: string,
  args: readonly GraphQLArgument[],
  type: GraphQLOutputType,
  ids: readonly string[],
  depth: number,
): fc.Arbitrary<Piece> {
  const given = fc.tuple(...args.map((arg) => argument(arg, ids)));
  const named = getNamedType(type);
  const below = isObjectType(named) ? selections(named, ids, depth + 1) : fc.constant({ text: '', variables: [] });
  return fc.tuple(given, below).map(([pieces, inner]) => {
    const used = pieces.filter(({ text }) => text !== '');
    const list = used.length === 0 ? '' : `(${used.map(({ text }) => text).join(', ')})`;
    return { text: `${name}${list}${inner.text}`, variables: [...used, inner].flatMap(({ variables }) => variables) };
  });
}

function selections(type: GraphQLObjectType, ids: readonly string[], depth: number): fc.Arbitrary<Piece> {
  const fields = Object.values(type.getFields()).filter(
    (field) => depth < 5 || !isObjectType(getNamedType(field.type)),
  );
  return fc
    .uniqueArray(fc.constantFrom(...fields), {
      minLength: 1,
      maxLength: depth === 1 ? 4 : 3,
      selector: ({ name }) => name,
    })
    .chain((chosen) => fc.tuple(...chosen.map((field) => fieldPiece(field.name, field.args, field.type, ids, depth))))
    .map((pieces) => ({
      text: ` { ${pieces.map(({ text }) => text).join(' ')} }`,
      variables: pieces.flatMap(({ variables }) => variables),
    }));
}

function argument({ name, type }: GraphQLArgument, ids: readonly string[]): fc.Arbitrary<Piece> {
  const isRequired = getNullableType(type) !== type;
  const value = fc.oneof({ weight: 20, arbitrary: fitting(type, ids, name) }, { weight: 1, arbitrary: hostile });
  const absent = { weight: isRequired ? 1 : 50, arbitrary: fc.constant<Piece>({ text: '', variables: [] }) };
  return fc.oneof(
    absent,
    {
      weight: 12,
      arbitrary: value.map((sentValue): Piece => ({ text: `${name}: $?`, variables: [[String(type), sentValue]] })),
    },
    {
      weight: 4,
      arbitrary: value.map((sentValue): Piece => ({ text: `${name}: ${literal(sentValue, type)}`, variables: [] })),
    },
  );
}

/** A selection of all that a type has, so many levels down. */
export function everythingOf(type: GraphQLObjectType, levels = 4): string {
  const texts = Object.values(type.getFields()).flatMap((field) => {
    const below = getNamedType(field.type);
    if (!isObjectType(below)) return [field.name];
    return levels > 1 ? [`${field.name} ${everythingOf(below, levels - 1)}`] : [];
  });
  return `{ ${texts.join(' ')} }`;
}

/** A document with something out of place. */
export function broken(query: string): fc.Arbitrary<string> {
  const at = fc.nat({ max: query.length });
  const junk = fc.constantFrom(
    '{',
    '}',
    '(',
    '$',
    '@',
    '"',
    '"""',
    '...',
    ':',
    '\u0000',
    '\ud800',
    '1e400',
    '#',
    '[',
    '!',
  );
  return fc.oneof(
    at.map((n) => query.slice(0, n)),
    fc.tuple(at, junk).map(([n, text]) => query.slice(0, n) + text + query.slice(n)),
    fc.tuple(at, fc.nat({ max: 5 })).map(([n, length]) => query.slice(0, n) + query.slice(n + length)),
  );
}

/** Documents that are refused, or hard to take. */
export const STRANGE = [
  '',
  '{',
  '{ __typename @skip(if: true) }',
  '{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }',
  '{ webhooks { data { ...w } } } fragment w on Webhook { deliveries { data { id } } ...w }',
  'query a { __typename } query b { __typename }',
  'type A { b: C }',
  'subscription { __typename }',
  'subscription { a: delivery_changed { kind } b: delivery_changed { kind } }',
  '{ webhooks { data { secret verification_token } } }',
  'query { __type(name: "Webhook") { fields { name } } }',
  '{ __schema { types { a: name } } }',
  `{ ${Array.from({ length: 40 }, (_, n) => `a${n}: webhooks { data { id } }`).join(' ')} }`,
  `{ webhook(id: ${'['.repeat(1_900)}${']'.repeat(1_900)}) { id } }`,
  '\ud800',
  '{ __typename }\u0000',
  '\ufeff{ __typename }',
  '"""',
  '{ webhook(id: "\\ud800") { id } }',
];
