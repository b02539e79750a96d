import fc from 'fast-check';
import type { GraphQLSchema } from 'graphql';
import { broken, type Operation, operations, STRANGE } from './graphql-operations.js';
import { hostile } from './graphql-values.js';

/** One request to /graphql that may be anything. */
export interface GraphqlRequest {
  readonly method: 'GET' | 'POST';
  /** From the question mark on. */
  readonly search: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array<ArrayBuffer> | undefined;
}

/** Requests to any field of the schema: nearly right, or wrong in type, size, encoding, depth, syntax or transport. `ids` are of things that are there. */
export function graphqlRequests(schema: GraphQLSchema, ids: readonly string[]): fc.Arbitrary<GraphqlRequest> {
  const operation = operations(schema, ids);
  return fc.oneof(
    { weight: 12, arbitrary: operation.chain((given) => sent(fc.constant(given))) },
    {
      weight: 2,
      arbitrary: operation.chain(({ query, variables }) =>
        sent(broken(query).map((text) => ({ query: text, variables }))),
      ),
    },
    { weight: 1, arbitrary: sent(fc.constantFrom(...STRANGE).map((query) => ({ query, variables: {} }))) },
    { weight: 2, arbitrary: strangeBody(operation) },
  );
}

const headers = fc.record(
  {
    'content-type': fc.oneof(
      { weight: 12, arbitrary: fc.constant('application/json') },
      {
        weight: 1,
        arbitrary: fc.constantFrom(
          'application/graphql',
          'text/plain',
          'application/x-www-form-urlencoded',
          'multipart/form-data; boundary=x',
          'application/json ; x',
          'x',
        ),
      },
    ),
    accept: fc.constantFrom(
      'application/json',
      '*/*',
      'application/graphql-response+json',
      'text/event-stream',
      'multipart/mixed',
      'text/html',
      'x',
    ),
    'x-request-id': fc.constantFrom('{"a b"}', 'ok'),
  },
  { requiredKeys: ['content-type'] },
);

function sent(operation: fc.Arbitrary<Operation>): fc.Arbitrary<GraphqlRequest> {
  const post = fc
    .tuple(operation, headers)
    .map(
      ([given, with_]): GraphqlRequest => ({ method: 'POST', search: '', headers: with_, body: JSON.stringify(given) }),
    );
  const get = fc
    .tuple(operation, headers, fc.constantFrom(undefined, '{', '[[', '1', '"x"', 'null'))
    .map(([{ query, variables }, with_, other]): GraphqlRequest => {
      const search = new URLSearchParams({
        query: query.toWellFormed(),
        variables: other ?? JSON.stringify(variables).toWellFormed(),
      });
      // Longer ones are refused by Node's parser of HTTP.
      if (search.toString().length > 12_000) {
        return { method: 'POST', search: '', headers: with_, body: JSON.stringify({ query, variables }) };
      }
      return { method: 'GET', search: `?${search}`, headers: with_, body: undefined };
    });
  return fc.oneof({ weight: 7, arbitrary: post }, { weight: 1, arbitrary: get });
}

/** Bodies around an operation, or in place of one: batches, persisted queries, members of wrong types. */
function strangeBody(operation: fc.Arbitrary<Operation>): fc.Arbitrary<GraphqlRequest> {
  const hash = { persistedQuery: { version: 1, sha256Hash: 'a'.repeat(64) } };
  const value = fc.oneof(
    operation.map((one) => [one, one]),
    fc.constantFrom<unknown>(
      [],
      null,
      1,
      'x',
      {},
      { extensions: hash },
      { id: 'x', doc_id: 'y' },
      { query: null },
      { query: [] },
      { query: { kind: 'Document' } },
    ),
    fc.tuple(operation, hostile).map(([one, variables]) => ({ ...one, variables })),
    fc.tuple(operation, hostile).map(([one, operationName]) => ({ ...one, operationName })),
    fc.tuple(operation, hostile).map(([one, extensions]) => ({ ...one, extensions })),
    fc.tuple(operation, hostile).map(([one, more]) => ({ ...one, more })),
  );
  const body = fc.oneof(
    { weight: 4, arbitrary: value.map((given) => JSON.stringify(given)) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        '',
        '{',
        '\ufeff{}',
        `${'['.repeat(5_000)}${']'.repeat(5_000)}`,
        '{"query":"{__typename}","__proto__":{"a":1}}',
      ),
    },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 30 }).map((bytes) => new Uint8Array(bytes)) },
  );
  return fc.tuple(body, headers).map(([given, with_]) => ({ method: 'POST', search: '', headers: with_, body: given }));
}
