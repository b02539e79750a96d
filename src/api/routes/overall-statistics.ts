import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { overallStatistics } from '../../manage/statistics/overall.js';
import { namedUser } from '../../manage/users/named-user.js';
import { answers, jsonAnswer } from '../openapi/answers.js';
import { sendJson } from '../v1/json.js';
import { nullable, uuid } from '../v1/schemas.js';
import type { V1 } from '../v1/scope.js';
import { checkUserName } from '../v1/user-name.js';
import { COUNTED, HoursOfStatistics, PERCENTILES } from './statistics.js';
import { USER_NAME } from './webhook-schemas.js';

const DEFAULT_HOURS = 24;
const success_rate = nullable(Type.Number(), 'In percent; null when nothing ended.');

const OverallStatistics = Type.Object(
  {
    hours: Type.Integer({ description: 'How many hours it tells of, this one included.' }),
    data: HoursOfStatistics,
    total: Type.Object({ ...COUNTED, success_rate, ...PERCENTILES }),
    event_types: Type.Array(Type.Object({ event_type: Type.String(), ...COUNTED }), {
      description: 'The 20 with most ends, the most first.',
    }),
    worst_webhooks: Type.Array(
      Type.Object({
        webhook_id: uuid(),
        name: Type.String(),
        url: Type.String(),
        user_id: uuid('Its owner.'),
        ...COUNTED,
        success_rate,
        p95_response_time_ms: nullable(Type.Number()),
      }),
      { description: 'The 10 with most failures, the most first; those without a failure are absent.' },
    ),
  },
  { title: 'OverallStatistics' },
);

const read = {
  operationId: 'getStatistics',
  summary: 'Statistics over webhooks',
  description:
    "What ended in the last hours, this one included, over all webhooks of the caller; the service sees everybody's, or those of the user that it names. Kept 35 " +
    'days; hours in which nothing ended are absent. At most a million counts (one for each webhook, hour and event type), of a user 300,000, are read: where ' +
    'there are more, it tells of the latest hours alone, and `hours` in the answer is less than was asked for.',
  tags: ['Statistics'],
  querystring: Type.Object(
    {
      hours: Type.Optional(Type.Integer({ minimum: 1, maximum: 840, default: DEFAULT_HOURS })),
      ...USER_NAME,
    },
    { additionalProperties: false },
  ),
  response: answers({ 200: jsonAnswer('What ended.', OverallStatistics) }, [
    'forbidden',
    'unknown_user',
    'not_storable',
  ]),
};

/** `GET /v1/statistics`: figures over webhooks. */
export function overallStatisticsRoutes(app: FastifyInstance, v1: V1): void {
  const routes = app.withTypeProvider<TypeBoxTypeProvider>();

  routes.get('/v1/statistics', { schema: read }, async (request, reply) => {
    const { hours = DEFAULT_HOURS, ...name } = request.query;
    checkUserName(request.caller, name);
    const json = await v1.read(request, async (tx) =>
      overallStatistics(tx, hours, (await namedUser(tx, name)) ?? null),
    );
    return sendJson(reply, json);
  });
}
