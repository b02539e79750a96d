import type { DocumentNode, validate as Validate } from 'graphql';
import { createGraphQLError, type Plugin } from 'graphql-yoga';
import { LRUCache } from 'lru-cache';
import { checkDocument, limitIntrospection, limitSize } from './size.js';
import { tooLarge } from './too-large.js';
import { checkVariables } from './variables.js';

const MOST_TOKENS = 4_000;
/** Values belong into variables, and the body has its own limit. */
const LONGEST = 65_536;
/** A document of 4,000 tokens holds 0.8 MB when parsed: Yoga's own 1,024 would be 0.8 GB of anybody's making. */
const MOST_KEPT = 50;

/** What Yoga keeps of documents that it has seen: those of late, and no refused one. */
export function documentCaches() {
  return {
    documentCache: new LRUCache<string, DocumentNode>({ max: MOST_KEPT }),
    errorCache: { get: () => undefined, set: () => undefined },
  };
}

/** Refuses documents that would take much, before graphql-js' own rules, some of which take time by the square of a document's size. */
export function limitDocuments(): Plugin {
  return {
    onRequestParse({ requestParser, setRequestParser }) {
      if (requestParser === undefined) return;
      setRequestParser(async (request) => {
        try {
          return await requestParser(request);
        } catch (error) {
          if (!(error instanceof SyntaxError)) throw error;
          throw createGraphQLError('variables and extensions take JSON.', {
            extensions: { code: 'invalid_request', http: { status: 400 } },
          });
        }
      });
    },
    onParse({ parseFn, setParseFn }) {
      setParseFn((source, options) =>
        parseWithin(() => parseFn(source, { ...options, maxTokens: MOST_TOKENS }), source),
      );
    },
    onValidate({ params: { schema, documentAST }, validateFn, setResult }) {
      const refused = (validateFn as typeof Validate)(schema, documentAST, [limitSize, limitIntrospection]);
      if (refused.length > 0) setResult(refused);
      return ({ result }) => {
        for (const error of result) error.extensions['code'] ??= 'invalid_request';
      };
    },
    onExecute: ({ args }) => checkVariables(args),
    onSubscribe: ({ args }) => checkVariables(args),
  };
}

function parseWithin(parse: () => DocumentNode, source: string | { readonly body: string }): DocumentNode {
  const { length } = typeof source === 'string' ? source : source.body;
  if (length > LONGEST) {
    throw tooLarge(`It has ${length} characters; ${LONGEST} are taken. Values may be sent in variables.`);
  }
  try {
    const document = parse();
    checkDocument(document);
    return document;
  } catch (error) {
    // graphql-js descends by calls of itself, and tokens alone do not stop it soon enough.
    if (error instanceof RangeError) throw tooLarge('It is nested too deep.');
    throw error;
  }
}
