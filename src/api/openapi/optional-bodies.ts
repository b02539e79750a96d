import { isOptionalBody } from '../json-body.js';

interface Operation {
  requestBody?: { required?: boolean; content?: Readonly<Record<string, { readonly schema?: unknown }>> };
}

/** Says of each body that may be left out that it may: `@fastify/swagger` writes `required: true` at all. Changes the document. */
export function markOptionalBodies<Document extends { readonly paths?: object }>(document: Document): Document {
  for (const item of Object.values(document.paths ?? {})) {
    for (const { requestBody } of Object.values<Operation>(item)) {
      const schemas = Object.values(requestBody?.content ?? {}).map(({ schema }) => schema);
      if (requestBody !== undefined && schemas.every(isOptionalBody)) requestBody.required = false;
    }
  }
  return document;
}
