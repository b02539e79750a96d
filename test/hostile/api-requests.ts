import fc from 'fast-check';

type Schema = Readonly<Record<string, unknown>>;

/** One request that may be anything. */
export interface HostileRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array<ArrayBuffer> | undefined;
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly schema?: Schema;
}

interface Operation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
}

/** The parts of an OpenAPI document that requests are made from. */
export interface Described {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, Schema>> };
}

const TEXTS = [
  '',
  ' ',
  'x'.repeat(300),
  '\u0000',
  'a\u0000b',
  '\ud800',
  '\u202e',
  "'; DROP TABLE webhooks; --",
  '../../etc/passwd',
  '%00',
];
const URLS = [
  'http://',
  'https://a.example',
  'javascript:alert(1)',
  'http://127.0.0.1:1',
  'https://user:password@a.example',
  'http://[::1',
  'HTTP://a',
];
/** Values of every kind but text. */
export const OTHERS: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  2 ** 31,
  2 ** 53,
  1e308,
  [],
  {},
  [[]],
  [null],
  { a: { b: [] } },
  { constructor: 1 },
];

const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(...TEXTS, ...URLS, ...OTHERS),
  fc.jsonValue({ maxDepth: 3, noUnicodeString: false }),
  fc.string({ unit: 'binary', maxLength: 40 }),
);

/** Bodies that are no JSON, or JSON that is hard to take. */
const hostileBody: fc.Arbitrary<string | Uint8Array<ArrayBuffer>> = fc.oneof(
  fc.constantFrom<string>(
    '',
    '{',
    'null',
    '"text"',
    '[]',
    '[[[[',
    '{"a":1,"a":2}',
    '{"a":1e400}',
    '{"a":-0}',
    "{'a':1}",
    '\ufeff{}',
    'NaN',
    '{"__proto__":{"admin":true}}',
    `${'['.repeat(5_000)}${']'.repeat(5_000)}`,
    `{"name":${'{"a":'.repeat(199)}1${'}'.repeat(199)}}`,
    `{"payload":{"n":${'9'.repeat(140_000)}}}`,
    `{"payload":{"n":1e-20000}}`,
    `{"name":"${'x'.repeat(100_000)}"}`,
  ),
  fc.uint8Array({ maxLength: 30 }).map((bytes) => new Uint8Array(bytes)),
  fc.constantFrom(
    new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]),
    new Uint8Array(Buffer.from('{"a":1}', 'utf16le')),
  ),
);

/** Requests to any operation of the document: nearly right, or wrong in type, size, encoding, depth. `ids` are ids of things that are there. */
export function hostileRequests(document: Described, ids: readonly string[]): fc.Arbitrary<HostileRequest> {
  const operations = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );
  return fc.constantFrom(...operations).chain(({ method, path, operation }) => {
    const parameters = operation.parameters ?? [];
    const inPath = parameters.filter((parameter) => parameter.in === 'path');
    const inQuery = parameters.filter((parameter) => parameter.in === 'query');
    const schema = Object.values(operation.requestBody?.content ?? {})[0]?.schema;
    return fc.record({
      method: fc.constant(method),
      path: fc
        .tuple(
          fc.record(
            Object.fromEntries(inPath.map(({ name, schema: of }) => [name, text(anyValueOf(of, document, ids))])),
          ),
          fc.record(
            Object.fromEntries([
              ...inQuery.map(({ name, schema: of }) => [name, text(anyValueOf(of, document, ids))]),
              ['more', text(hostileValue)],
            ]),
            { requiredKeys: [] },
          ),
        )
        .map(([values, query]) => pathOf(path, values, query)),
      headers: headers(method),
      body:
        method === 'GET' || method === 'DELETE'
          ? fc.constant(undefined)
          : fc.oneof(
              {
                weight: 4,
                arbitrary: anyValueOf(schema, document, ids).map((value) => JSON.stringify(value) ?? 'null'),
              },
              { weight: 1, arbitrary: hostileBody },
            ),
    });
  });
}

function headers(method: string): fc.Arbitrary<Record<string, string>> {
  const type = method === 'GET' || method === 'DELETE' ? 'text/plain' : 'application/json';
  return fc.record(
    {
      'content-type': fc.oneof(
        { weight: 9, arbitrary: fc.constant(type) },
        {
          weight: 1,
          arbitrary: fc.constantFrom('text/plain', 'application/xml', 'application/json; charset=utf-16', 'x'),
        },
      ),
      'content-encoding': fc.constantFrom('identity', 'identity', 'gzip'),
      'if-match': fc.constantFrom('*', '"x"', 'W/"x"', '', '"', 'x'.repeat(500)),
      'if-none-match': fc.constantFrom('*', '"x"', ',,,'),
      'idempotency-key': fc.constantFrom('k', ' ', 'x'.repeat(300), '\u00e9', 'a\tb'),
      'last-event-id': fc.constantFrom('0', '-1', '99999999999999999999', 'x'),
      'x-request-id': fc.constantFrom('{"a b"}', 'ok'),
      prefer: fc.constant('return=minimal'),
    },
    { requiredKeys: ['content-type'] },
  );
}

function pathOf(
  template: string,
  values: Readonly<Record<string, string>>,
  query: Readonly<Record<string, string>>,
): string {
  const path = template.replaceAll(
    /\{(\w+)\}/g,
    (_, name: string) => encodeURIComponent(wellFormed(values[name] ?? '')) || '-',
  );
  const search = new URLSearchParams(
    Object.entries(query).map(([name, value]) => [name, wellFormed(value)]),
  ).toString();
  return search === '' ? path : `${path}?${search}`;
}

/** A URL cannot carry a lone surrogate. */
function wellFormed(given: string): string {
  return given.toWellFormed();
}

function text(value: fc.Arbitrary<unknown>): fc.Arbitrary<string> {
  return value.map((given) => (typeof given === 'string' ? given : (JSON.stringify(given) ?? '')));
}

/** Mostly what the schema takes, at times anything. */
function anyValueOf(
  schema: Schema | undefined,
  document: Described,
  ids: readonly string[],
  depth = 0,
): fc.Arbitrary<unknown> {
  const fitting = depth > 6 ? fc.constant(null) : fittingOf(schema ?? {}, document, ids, depth);
  return fc.oneof({ weight: 5, arbitrary: fitting }, { weight: 1, arbitrary: hostileValue });
}

function fittingOf(schema: Schema, document: Described, ids: readonly string[], depth: number): fc.Arbitrary<unknown> {
  const below = (of: unknown) => anyValueOf(of as Schema, document, ids, depth + 1);
  const { $ref, anyOf, oneOf, enum: values, const: only, type, format, properties, items } = schema;
  if (typeof $ref === 'string') return below(document.components?.schemas?.[$ref.split('/').at(-1) ?? '']);
  const choices = anyOf ?? oneOf;
  if (Array.isArray(choices)) return fc.oneof(...choices.map(below));
  if (only !== undefined) return fc.constant(only);
  if (Array.isArray(values)) return fc.constantFrom(...values);
  if (format === 'uuid') return fc.oneof(fc.constantFrom(...ids), fc.uuid());
  if (format === 'date-time')
    return fc.constantFrom('2020-01-01T00:00:00Z', '2999-12-31T23:59:60Z', '0000-00-00', '2020-01-01T00:00:00+99:00');
  switch (Array.isArray(type) ? type[0] : type) {
    case 'boolean':
      return fc.boolean();
    case 'integer':
    case 'number':
      return fc.oneof(fc.integer({ min: -1, max: 20 }), fc.integer());
    case 'array':
      return fc.array(below(items), { maxLength: 4 });
    case 'object': {
      const own = Object.entries((properties ?? {}) as Record<string, unknown>).map(
        ([name, of]) => [name, below(of)] as const,
      );
      return fc.record(Object.fromEntries([...own, ['more', hostileValue]]), {
        requiredKeys: [],
        noNullPrototype: true,
      });
    }
    default:
      return fc.constantFrom('n', 'video.generated', 'https://a.example/hook', 'sha256', 'read', ...TEXTS, ...URLS);
  }
}
