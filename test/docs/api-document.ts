import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { openApiDocument } from '../../scripts/openapi-document.js';
import { closed, type Operation as Documented, type OpenApi, templateOf } from '../integration/api-contract.js';
import type { Request } from './command-lines.js';

interface Operation extends Documented {
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, object>> };
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, object>> }>>;
}
interface Document extends OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

/** What the OpenAPI document has nothing of: other protocols, and pages. */
const OTHERS = /^\/(graphql|rest\/v1\/|docs|metrics|$)/;

/** What the OpenAPI document of the server says against requests and samples. */
export interface ApiDocument {
  /** Undefined: it takes the request. */
  wrongWith(request: Request): string | undefined;
  /** `POST /v1/events`, and a sample of its request or of an answer of any status. */
  wrongWithSample(operation: string, kind: 'request' | 'response', sample: unknown): string | undefined;
}

export async function apiDocument(): Promise<ApiDocument> {
  const document = await openApiDocument<Document>();
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateSchema: false, verbose: true });
  formats.default(ajv);
  ajv.addSchema(closed(document) as object, 'openapi');

  const check = (at: readonly string[], value: unknown): string | undefined => {
    const $ref = `openapi#/${at.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')}`;
    const validate = ajv.getSchema($ref) ?? ajv.compile({ $ref });
    if (validate(value) === true) return undefined;
    const errors = (validate.errors ?? []).filter(isToldInFull);
    return errors.length === 0 ? undefined : ajv.errorsText(errors);
  };

  return {
    wrongWith({ method, url, body }) {
      if (OTHERS.test(url.pathname)) return undefined;
      const found = find(document, method, url.pathname);
      if (found === undefined) return `no operation is ${method} ${url.pathname}`;
      const { template, operation } = found;
      const known = (operation.parameters ?? []).filter((one) => one.in === 'query').map(({ name }) => name);
      const unknown = [...url.searchParams.keys()].filter((name) => !known.includes(name));
      if (unknown.length > 0) return `no parameter of ${method} ${template}: ${unknown.join(', ')}`;
      if (body === undefined || body.startsWith('@')) return undefined;
      if (operation.requestBody === undefined) return `${method} ${template} takes no body`;
      return check(
        ['paths', template, method.toLowerCase(), 'requestBody', 'content', 'application/json', 'schema'],
        JSON.parse(body),
      );
    },
    wrongWithSample(text, kind, sample) {
      const [method = '', path = ''] = text.split(' ');
      const found = find(document, method, path);
      if (found === undefined) return `no operation is ${text}`;
      const at = ['paths', found.template, method.toLowerCase()];
      if (kind === 'request') return check([...at, 'requestBody', 'content', 'application/json', 'schema'], sample);
      const answers = Object.entries(found.operation.responses).flatMap(([status, { content = {} }]) =>
        Object.keys(content).map((type) => [...at, 'responses', status, 'content', type, 'schema']),
      );
      const wrong = answers.map((answer) => check(answer, sample));
      return wrong.includes(undefined) ? undefined : wrong.join('; or ');
    },
  };
}

/** A sample may leave out what a string holds, by `…`: then its form is not looked at. */
function isToldInFull({ data }: ErrorObject): boolean {
  return typeof data !== 'string' || !data.includes('…');
}

function find(
  document: Document,
  method: string,
  path: string,
): { template: string; operation: Operation } | undefined {
  const template = Object.hasOwn(document.paths, path) ? path : templateIn(document, method, path);
  const operation = template === undefined ? undefined : document.paths[template]?.[method.toLowerCase()];
  return template === undefined || operation === undefined ? undefined : { template, operation };
}

function templateIn(document: Document, method: string, path: string): string | undefined {
  try {
    return templateOf(document, method, path);
  } catch {
    return undefined;
  }
}
