import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';

/** What the document says of one operation. */
export interface Operation {
  readonly operationId: string;
  readonly security?: readonly object[];
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, unknown>> }>>;
}

export interface OpenApi {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

/** GET /openapi.json. */
export async function openApiOf(url: string): Promise<OpenApi> {
  const response = await fetch(`${url}/openapi.json`);
  return JSON.parse(await response.text());
}

/** Each operation of the document, as `POST /v1/webhooks/{webhook_id}/test`. */
export function operationsOf({ paths }: OpenApi): string[] {
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
  );
}

export interface ContractOptions {
  /** For `Authorization: Bearer`. */
  readonly bearer?: string;
  /** Sent as JSON; a string goes as it is. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ContractAnswer<Body> {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON, which the document's schema has taken; `{}` where there is none. */
  readonly body: Body;
}

export type ContractCall = <Body = Record<string, unknown>>(
  method: string,
  path: string,
  options?: ContractOptions,
) => Promise<ContractAnswer<Body>>;

/**
 * A fetch of the server at `url` that throws when an answer is not as /openapi.json says: an operation, status or content type that it does not name, or a
 * body that its schema does not take. An object of an answer may hold no property that the schema does not name, so that nothing gets out unseen.
 */
export async function contract(url: string): Promise<ContractCall> {
  const { document, ajv } = readOnce(await (await fetch(`${url}/openapi.json`)).text());

  return async (method, path, { bearer, body, headers = {} } = {}) => {
    const response = await fetch(url + path, {
      method,
      headers: {
        ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const said = `${method} ${path} answered ${response.status} ${text.slice(0, 2_000)}`;
    const template = templateOf(document, method, path);
    const documented = document.paths[template]?.[method.toLowerCase()]?.responses[response.status];
    if (documented === undefined) throw new Error(`${said}\nThe document does not name this status.`);
    const type = response.headers.get('content-type')?.split(';')[0] ?? '';
    if (documented.content === undefined && text !== '') throw new Error(`${said}\nThe document names no body.`);
    if (documented.content !== undefined && documented.content[type] === undefined) {
      throw new Error(`${said}\nThe document does not name ${type}.`);
    }
    const hasJson = documented.content !== undefined && type.endsWith('json');
    const answer = {
      status: response.status,
      headers: response.headers,
      text,
      body: JSON.parse(hasJson ? text : '{}'),
    };
    if (!hasJson) return answer;
    const at = [
      'paths',
      template,
      method.toLowerCase(),
      'responses',
      String(response.status),
      'content',
      type,
      'schema',
    ];
    const $ref = `openapi#/${at.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')}`;
    const validate = ajv.getSchema($ref) ?? ajv.compile({ $ref });
    if (validate(answer.body) !== true) throw new Error(`${said}\n${ajv.errorsText(validate.errors)}`);
    return answer;
  };
}

interface Read {
  readonly document: OpenApi;
  /** Has the document's schemas, closed, under `openapi`. */
  readonly ajv: Ajv2020;
}

const known = new Map<string, Read>();

/** Most test files serve the same document, and share this process: what Ajv compiled for one, the next need not compile again. */
function readOnce(text: string): Read {
  const before = known.get(text);
  if (before !== undefined) return before;
  const document: OpenApi = JSON.parse(text);
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateSchema: false });
  formats.default(ajv);
  ajv.addSchema(closed(document) as object, 'openapi');
  const read = { document, ajv };
  known.set(text, read);
  return read;
}

/** The path of the document that a path is one of; a literal one comes before one with parameters. */
export function templateOf({ paths }: OpenApi, method: string, path: string): string {
  const bare = path.split('?')[0] ?? path;
  const fitting = Object.keys(paths)
    .filter((template) => paths[template]?.[method.toLowerCase()] !== undefined)
    .filter((template) => new RegExp(`^${template.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(bare))
    .sort((a, b) => a.split('{').length - b.split('{').length);
  const [template] = fitting;
  if (template === undefined) throw new Error(`The document has no operation for ${method} ${bare}.`);
  return template;
}

/** The same with `additionalProperties: false` at every object of an answer that does not say otherwise. */
export function closed(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(closed);
  if (typeof node !== 'object' || node === null) return node;
  const copy = Object.fromEntries(Object.entries(node).map(([key, child]) => [key, closed(child)]));
  const isOpen = 'properties' in copy && copy['type'] === 'object' && !('additionalProperties' in copy);
  return isOpen ? { ...copy, additionalProperties: false } : copy;
}
