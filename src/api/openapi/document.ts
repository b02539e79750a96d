import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { VERSION } from '../../observe/version.js';
import { SESSION_COOKIE } from '../session/cookie.js';
import { jsonAnswer, problemAnswers } from './answers.js';
import { nameSchemas } from './named-schemas.js';
import { markOptionalBodies } from './optional-bodies.js';

/** The chapters of the document. A route names one in `tags`. */
const TAGS = [
  { name: 'Webhooks', description: 'Endpoints that are called when something happens.' },
  { name: 'Secrets', description: 'The keys that deliveries are signed with.' },
  { name: 'Subscriptions', description: 'Which events a webhook gets, and which of them its filters let through.' },
  { name: 'Event types', description: 'What can happen. The service manages them.' },
  { name: 'Events', description: 'Something happened: the service tells whom it is for.' },
  { name: 'AI content', description: 'What an AI gateway sent: received webhooks, as they are stored.' },
  { name: 'Deliveries', description: 'Every call of a webhook, with its attempts.' },
  { name: 'Replays', description: 'Many ended deliveries of a webhook are sent again.' },
  { name: 'Statistics', description: 'Counted as deliveries end; retention of deliveries never changes them.' },
  { name: 'Access', description: 'API keys of users, and portal tokens.' },
  { name: 'Keys', description: 'Public keys for asymmetric signatures.' },
  { name: 'Operation', description: 'The server itself.' },
];

// The page loads nothing from elsewhere, and its own style stands in it.
const DOCS_CSP =
  "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'";

/**
 * `GET /openapi.json`, the OpenAPI 3.1 document of every route registered after this that has an `operationId`, and `GET /docs`, the same to read; both
 * without credentials.
 */
export function describeRoutes(app: FastifyInstance): void {
  app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Hookline',
        version: VERSION,
        description:
          'Webhooks in, webhooks out, on your own database. Users reach what is theirs; the service reaches all. ' +
          'Timestamps are ISO 8601 in UTC, lists come newest first, and every refusal is a problem document.',
        license: { name: 'MIT', identifier: 'MIT' },
      },
      servers: [{ url: '/' }],
      security: [{ bearer: [] }, { session: [] }],
      tags: TAGS,
      components: {
        securitySchemes: {
          bearer: {
            type: 'http',
            scheme: 'bearer',
            description: "A user's token or API key, a portal token, or the service key.",
          },
          session: {
            type: 'apiKey',
            in: 'cookie',
            name: SESSION_COOKIE,
            description: 'What `POST /v1/session` makes of one of these, for browsers; for paths under /v1.',
          },
        },
      },
    },
    transform: ({ schema, url }) => ({
      schema: schema?.operationId === undefined ? { ...schema, hide: true } : schema,
      url,
    }),
    transformObject: (document) =>
      'openapiObject' in document ? nameSchemas(markOptionalBodies(document.openapiObject)) : {},
  });
  app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: DOCS_CSP,
    theme: { title: 'Hookline API' },
    // Without the bar of Swagger UI's own, which asks for the address of another document.
    uiConfig: { validatorUrl: null, layout: 'BaseLayout' },
  });
  app.register(async (scope) => {
    const schema = {
      operationId: 'getOpenApi',
      summary: 'This document',
      tags: ['Operation'],
      security: [],
      response: {
        200: jsonAnswer('The OpenAPI 3.1 document.', Type.Object({}, { additionalProperties: true })),
        ...problemAnswers(['invalid_request']),
      },
    };
    scope.get('/openapi.json', { schema }, async () => app.swagger());
  });
}
