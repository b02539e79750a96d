const many = (count: number, text: (n: number) => string): string =>
  Array.from({ length: count }, (_, n) => text(n)).join(' ');
const nested = (levels: number, open: string, inside: string, close: string): string =>
  open.repeat(levels) + inside + close.repeat(levels);
const fields = (count: number): object => Object.fromEntries(Array.from({ length: count }, (_, n) => [`u${n}`, 1]));

const SCHEMA =
  'fragment F on __Schema { types { name fields { name args { name type { name } } type { name fields { name } } } } }';
const CREATE = 'mutation ($i: WebhookInput!) { create_webhook(input: $i) { secret } }';
const SUBSCRIBE =
  'mutation ($types: [String!]) { create_webhook(input: { name: "x", url: "https://a.example" }, event_types: $types) { secret } }';
const FILTER =
  'mutation ($id: UUID!, $f: JSONObject) { put_subscription(webhook_id: $id, event_type: "video.generated", filters: $f) { id } }';

export interface HostileDocument {
  readonly query: string;
  /** `$id` is added: a webhook of the caller's. */
  readonly variables?: Readonly<Record<string, unknown>>;
  /** Of the first error, or one of several where it is told by how far the stack reaches, which V8 decides; absent: it is answered. */
  readonly code?: string | readonly string[];
}

/** Documents and variables made to cost much, with what is said of them. */
export const HOSTILE_DOCUMENTS: Readonly<Record<string, HostileDocument>> = {
  'a field 3,990 times': { query: `{ ${many(3_990, () => '__typename')} }`, code: 'query_too_large' },
  'a field with a field 990 times': {
    query: `{ ${many(990, () => 'webhooks { next_cursor }')} }`,
    code: 'query_too_large',
  },
  'fields that all have to be compared': {
    query: `query ($id: UUID!) { ${many(240, () => 'webhook(id: $id) { id }')} }`,
  },
  'fragments that all have to be compared': {
    query: `{ ${many(200, (n) => `...F${n}`)} } ${many(200, (n) => `fragment F${n} on Query { a: __typename b: __typename }`)}`,
    code: 'query_too_large',
  },
  'a chain of fragments': {
    query: `{ ...F0 } ${many(480, (n) => `fragment F${n} on Query { ...F${n + 1} }`)} fragment F480 on Query { __typename }`,
  },
  'fragments that each stand in each': {
    query: `{ ...F0 } ${many(21, (n) => `fragment F${n} on Query { ${many(21, (m) => `...F${m}`)} }`)}`,
    code: 'invalid_request',
  },
  'fragments that double': {
    query: `{ ...F0 } ${many(60, (n) => `fragment F${n} on Query { ...F${n + 1} a${n}: __typename ...F${n + 1} }`)} fragment F60 on Query { __typename }`,
    code: 'query_too_large',
  },
  'operations that each have all fragments': {
    query: `query Q { ...F0 } ${many(240, (n) => `query Q${n} { ...F0 }`)} ${many(240, (n) => `fragment F${n} on Query { ...F${n + 1} }`)} fragment F240 on Query { __typename }`,
    code: 'invalid_request',
  },
  'lists in lists': {
    query: nested(1_990, '{ webhook(id: [', '', ']) { id } }').slice(0, 65_000),
    code: 'invalid_request',
  },
  'a list in 1,990 lists': { query: `{ webhook(id: ${nested(1_990, '[', '', ']')}) { id } }`, code: 'query_too_large' },
  'lists that do not end': {
    query: `{ webhook(id: ${'['.repeat(3_990)}`,
    code: ['query_too_large', 'invalid_request'],
  },
  'an object in 900 objects': {
    query: `mutation ($id: UUID!) { update_webhook(id: $id, input: { metadata: ${nested(900, '{ a: ', '1', '}')} }) { id } }`,
    code: 'query_too_large',
  },
  'fields in 1,300 fields': { query: nested(1_300, '{ a', '{ b }', '}'), code: 'query_too_large' },
  'fragments in 1,200 fragments': {
    query: `{ ${nested(1_200, '... {', '__typename', '}')} }`,
    code: 'query_too_large',
  },
  'a type in 1,900 lists': {
    query: `query ($a: ${nested(1_900, '[', 'Int', ']')}) { __typename }`,
    code: 'invalid_request',
  },
  'the schema 50 times': {
    query: `{ ${many(50, (n) => `a${n}: __schema { ...F }`)} } ${SCHEMA}`,
    code: 'query_too_large',
  },
  'the fields of the schema 100 times': {
    query: `{ __schema { types { ${many(100, (n) => `a${n}: fields { name type { name fields { name } } }`)} } } }`,
    code: 'query_too_large',
  },
  'more transactions than are taken': {
    query:
      '{ webhooks(first: 100) { data { statistics { success_rate } subscriptions { next_cursor } replays { next_cursor } } } }',
    code: 'query_too_large',
  },
  'all transactions that are taken, to read': {
    query: `query ($id: UUID!) { ${many(240, (n) => `a${n}: webhook(id: $id) { id }`)} }`,
  },
  'all transactions that are taken, to write': {
    query: `mutation ($id: UUID!) { ${many(240, (n) => `a${n}: verify_webhook(id: $id)`)} }`,
  },
  'more mutations than are taken': {
    query: `mutation ($id: UUID!) { ${many(260, (n) => `a${n}: verify_webhook(id: $id)`)} }`,
    code: 'query_too_large',
  },
  'counts over all deliveries': {
    query: `query ($id: UUID!) { ${many(6, (n) => `a${n}: replay_count(input: { webhook_id: $id, since: "2026-01-01T00:00:00Z" })`)} }`,
    code: 'query_too_large',
  },
  'payloads one by one': {
    query: `query ($id: UUID!) { ${many(26, (n) => `a${n}: delivery(id: $id) { request_payload }`)} }`,
    code: 'query_too_large',
  },
  'a comment of 1 MB': { query: `{ __typename } #${'x'.repeat(1_000_000)}`, code: 'query_too_large' },
  'names of 900 KB': { query: `{ ${many(100, (n) => 'x'.repeat(9_000) + n)} }`, code: 'query_too_large' },
  'names of 60 KB': { query: `{ ${many(100, (n) => 'x'.repeat(600) + n)} }`, code: 'invalid_request' },
  'a list of 200,000 event types': {
    query: SUBSCRIBE,
    variables: { types: Array.from({ length: 200_000 }, () => 'x') },
    code: 'invalid_request',
  },
  'a list of 501 event types': {
    query: SUBSCRIBE,
    variables: { types: Array.from({ length: 501 }, () => 'video.generated') },
    code: 'invalid_request',
  },
  'a written list of 501 event types': {
    query: SUBSCRIBE.replace('($types: [String!])', '').replace('$types', `[${many(501, () => '"video.generated"')}]`),
    code: 'invalid_request',
  },
  'a list of 400,000 for an object': {
    query: CREATE,
    variables: { i: Array.from({ length: 400_000 }, () => 1) },
    code: 'invalid_request',
  },
  '40,000 unknown fields': {
    query: CREATE,
    variables: { i: { name: 'x', url: 'x', ...fields(40_000) } },
    code: 'invalid_request',
  },
  '60 unknown fields beside a text of 900 KB': {
    query: CREATE,
    variables: { i: { name: 'x'.repeat(900_000), url: 'x', ...fields(60) } },
    code: 'invalid_request',
  },
  'a UUID of 900 KB': {
    query: 'query ($i: UUID!) { webhook(id: $i) { id } }',
    variables: { i: 'x'.repeat(900_000) },
    code: 'invalid_request',
  },
  'a filter of 20,000 fields': { query: FILTER, variables: { f: fields(20_000) }, code: 'invalid_filter' },
};

const METADATA = (value: string) =>
  `mutation ($id: UUID!) { update_webhook(id: $id, input: { metadata: ${value} }) { id } }`;
const INPUT = (value: string) => `mutation ($id: UUID!) { update_webhook(id: $id, input: { ${value} }) { id } }`;
const SINCE = (time: string) => `{ deliveries(since: "${time}") { next_cursor } }`;

/** Values that a type of GraphQL takes and PostgreSQL does not, or not as they were meant; each is `invalid_request`. */
export const REFUSED_VALUES: Readonly<Record<string, string>> = {
  'a 30 February': SINCE('2021-02-30T00:00:00Z'),
  'a 31 June': SINCE('2020-06-31T00:00:00Z'),
  'an offset of 16 hours': SINCE('2020-01-01T00:00:00+16:00'),
  'an offset of 23:59': SINCE('2020-01-01T00:00:00-23:59'),
  'the year 0': SINCE('0000-01-01T00:00:00Z'),
  'a number that is Infinity to JavaScript': METADATA('{ a: 1e400 }'),
  'an integer that is Infinity to JavaScript': METADATA(`{ a: [${'9'.repeat(400)}] }`),
  'null for a flag': INPUT('is_active: null'),
  'null for a name': INPUT('name: null'),
  'null for metadata': METADATA('null'),
};
