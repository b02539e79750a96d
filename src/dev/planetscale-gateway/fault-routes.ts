import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import { type Static, Type } from 'typebox';
import { HooklineError } from '../../errors.js';
import { faultListRoutes } from '../fault-list-routes.js';
import { FAULT_CODES, type FaultOptions, type Faults } from './faults.js';

const LONGEST_MS = 600_000;
const MOST_TIMES = 1_000_000;

const Body = Type.Object(
  {
    kind: Type.String(),
    match: Type.Optional(Type.String()),
    times: Type.Optional(Type.Integer({ minimum: 1, maximum: MOST_TIMES })),
    when: Type.Optional(Type.String()),
    status: Type.Optional(Type.Integer({ minimum: 500, maximum: 599 })),
    code: Type.Optional(Type.String()),
    description: Type.Optional(Type.String()),
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

function faultOf({ kind, match, times, when, status, code, description, ms }: Static<typeof Body>): FaultOptions {
  const common = {
    ...(match !== undefined && { match }),
    ...(times !== undefined && { times }),
    ...(when !== undefined && { when: oneOf('when', when, ['before', 'after']) }),
  };
  switch (kind) {
    case 'drop':
    case 'hang':
    case 'empty':
      return { ...common, kind };
    case 'html':
      return { ...common, kind, ...(status !== undefined && { status }) };
    case 'error':
      return {
        ...common,
        kind,
        code: oneOf('code', code, FAULT_CODES),
        ...(description !== undefined && { description }),
      };
    case 'slow':
      if (ms === undefined) throw new HooklineError('invalid_request', 'ms is missing: how long slow waits.');
      return { ...common, kind, ms };
    default:
      throw noSuch('kind', ['drop', 'hang', 'empty', 'html', 'error', 'slow']);
  }
}

/** Throws `invalid_request` when it is none of the words. */
function oneOf<Word extends string>(name: string, given: string | undefined, words: readonly Word[]): Word {
  const found = words.find((word) => word === given);
  if (found === undefined) throw noSuch(name, words);
  return found;
}

function noSuch(name: string, words: readonly string[]): HooklineError {
  return new HooklineError('invalid_request', `${name} takes one of ${words.join(', ')}.`);
}
