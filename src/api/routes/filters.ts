import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { membersOf } from '@hookline/receiver';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { Database } from '../../db/database.js';
import { asService } from '../../db/roles.js';
import { testFilter } from '../../manage/filters/test-filter.js';
import { answers, jsonAnswer, OF_BODIES } from '../openapi/answers.js';
import { sendJson } from '../v1/json.js';
import { jsonObject, nullable } from '../v1/schemas.js';

const MOST_PAYLOADS = 20;

const Condition = Type.Object(
  {
    path: Type.String({ description: 'Where it looks in the payload, a JSON pointer (RFC 6901).' }),
    operator: Type.String({
      description:
        'An operator of filters. A plain value is `$eq`, or `contains` where it is an array or an empty object, or stands against an array. Groups are `$and`, `$or`, `$not` (of all its conditions together) ' +
        'and `$element`: all its conditions have to hold for one element of the array.',
    }),
    expected: Type.Optional(Type.Unknown({ description: 'What the filter says. Absent of groups.' })),
    found: Type.Optional(
      Type.Unknown({
        description: 'What stands there. Absent when nothing does, when it is over 1 KiB, and of groups.',
      }),
    ),
    is_present: Type.Boolean({ description: 'Something stands there, be it null.' }),
    holds: nullable(Type.Boolean(), 'Null: it took too many steps to tell.'),
    conditions: Type.Optional(
      Type.Array(Type.Unsafe<object>({ $ref: '#/components/schemas/FilterCondition' }), {
        description:
          'Of a group. Those of `$element` are of the element that fulfils them, or else of that which fulfils most; none of an empty array.',
      }),
    ),
  },
  { title: 'FilterCondition' },
);

const schema = {
  operationId: 'testFilter',
  summary: 'Test a filter',
  description:
    'Whether events with these payloads would go through the filter, by the function that asks when an event is triggered, and why: it goes through when all of ' +
    '`conditions` hold. Nothing is stored or sent, so credentials that may only read may do it. Payloads that take 20,000 steps together are refused ' +
    '(`invalid_parameter`); one alone never is.',
  tags: ['Subscriptions'],
  body: Type.Object(
    {
      filters: jsonObject('As of a subscription.'),
      payloads: Type.Array(jsonObject('256 KiB at most.'), { minItems: 1, maxItems: MOST_PAYLOADS }),
    },
    { title: 'FilterTest', additionalProperties: false },
  ),
  response: answers(
    {
      200: jsonAnswer(
        'What came of each payload, in order.',
        Type.Object(
          {
            results: Type.Array(
              Type.Object({
                matches: Type.Boolean({
                  description: 'An event with the payload goes through; also where 10,000 steps do not decide it.',
                }),
                conditions: Type.Array(Condition),
              }),
            ),
          },
          { title: 'FilterTestResults' },
        ),
      ),
    },
    [...OF_BODIES, 'invalid_filter', 'payload_too_large', 'invalid_payload', 'invalid_parameter'],
  ),
};

/** `POST /v1/filters/test`. It reads no row, so it may ask as the service: users reach nothing of schema hookline themselves. */
export function filterRoutes(app: FastifyInstance, { db }: { readonly db: Database }): void {
  const routes = app.withTypeProvider<TypeBoxTypeProvider>();
  routes.post('/v1/filters/test', { schema }, async ({ jsonText }, reply) => {
    const members = membersOf(jsonText);
    const [filters, payloads] = [members.get('filters') ?? '{}', members.get('payloads') ?? '[]'];
    const results = await asService(db, (tx) => testFilter(tx, filters, payloads), 'read');
    return sendJson(reply, `{"results":${results}}`);
  });
}
