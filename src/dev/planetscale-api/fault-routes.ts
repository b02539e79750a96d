import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import { type Static, Type } from 'typebox';
import { faultListRoutes } from '../fault-list-routes.js';
import { unprocessable } from './api-error.js';
import type { FaultOptions, Faults } from './faults.js';

const LONGEST_MS = 600_000;
const MOST_TIMES = 1_000_000;
const LONGEST_RETRY_AFTER_S = 86_400;

const Common = {
  match: Type.Optional(Type.String()),
  times: Type.Optional(Type.Integer({ minimum: 1, maximum: MOST_TIMES })),
  when: Type.Optional(Type.Enum(['before', 'after'])),
};

const Body = Type.Object(
  {
    ...Common,
    kind: Type.Enum(['drop', 'hang', 'html', 'rate_limited', 'error', 'slow']),
    status: Type.Optional(Type.Integer({ minimum: 400, maximum: 599 })),
    code: Type.Optional(Type.String()),
    message: Type.Optional(Type.String()),
    retryAfter: Type.Optional(Type.Integer({ minimum: 0, maximum: LONGEST_RETRY_AFTER_S })),
    ms: Type.Optional(Type.Integer({ minimum: 0, maximum: LONGEST_MS })),
  },
  { additionalProperties: false },
);

/** `POST /faults` adds one and tells how it stands; GET and DELETE as `faultListRoutes` has them. */
export function faultRoutes(app: FastifyInstance, faults: Faults): void {
  app
    .withTypeProvider<TypeBoxTypeProvider>()
    .post('/faults', { schema: { body: Body } }, async ({ body }, reply) =>
      reply.code(201).send(faults.add(faultOf(body)).state()),
    );
  faultListRoutes(app, faults);
}

function faultOf({
  kind,
  match,
  times,
  when,
  status,
  code,
  message,
  retryAfter,
  ms,
}: Static<typeof Body>): FaultOptions {
  const common = {
    ...(match !== undefined && { match }),
    ...(times !== undefined && { times }),
    ...(when !== undefined && { when }),
  };
  switch (kind) {
    case 'drop':
    case 'hang':
      return { ...common, kind };
    case 'html':
      return { ...common, kind, ...(status !== undefined && { status }) };
    case 'rate_limited':
      return { ...common, kind, ...(retryAfter !== undefined && { retryAfter }) };
    case 'error':
      return {
        ...common,
        kind,
        ...(status !== undefined && { status }),
        ...(code !== undefined && { code }),
        ...(message !== undefined && { message }),
      };
    case 'slow':
      if (ms === undefined) throw unprocessable('ms is missing: how long slow waits.');
      return { ...common, kind, ms };
  }
}
