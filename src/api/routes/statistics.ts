import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { statisticsOfDays, statisticsOfHours } from '../../manage/statistics/statistics.js';
import { answers, jsonAnswer } from '../openapi/answers.js';
import { sendJson } from '../v1/json.js';
import { nullable, timestamp, WEBHOOK_PARAMS } from '../v1/schemas.js';
import type { V1 } from '../v1/scope.js';

const tags = ['Statistics'];
const DEFAULT_DAYS = 30;
const DEFAULT_HOURS = 24;

const counts = (description: string) => Type.Object({}, { additionalProperties: Type.Integer(), description });

const Statistics = Type.Object(
  {
    total_deliveries: Type.Integer(),
    successful_deliveries: Type.Integer(),
    failed_deliveries: Type.Integer(),
    success_rate: nullable(Type.Number(), 'In percent; null when nothing ended.'),
    avg_response_time_ms: nullable(Type.Number(), 'Over deliveries that got a response.'),
    deliveries_by_day: counts('By UTC day; days without one are absent.'),
    deliveries_by_event_type: counts('By event type.'),
  },
  { title: 'Statistics' },
);

const time = () => nullable(Type.Number());

/** What ended. */
export const COUNTED = { successful_deliveries: Type.Integer(), failed_deliveries: Type.Integer() };
/** Response times, out of the histogram. */
export const PERCENTILES = {
  avg_response_time_ms: nullable(Type.Number(), 'Null when nothing got a response.'),
  p50_response_time_ms: nullable(
    Type.Number(),
    'Percentiles are interpolated in the buckets of a histogram; 30000 says 30 s or more.',
  ),
  p90_response_time_ms: time(),
  p95_response_time_ms: time(),
  p99_response_time_ms: time(),
};
export const HoursOfStatistics = Type.Array(
  Type.Object({ hour: timestamp('Its beginning.'), ...COUNTED, ...PERCENTILES }),
);
const HourlyStatistics = Type.Object({ data: HoursOfStatistics }, { title: 'HourlyStatistics' });

const ofDays = {
  operationId: 'getWebhookStatistics',
  summary: 'Statistics of the last days',
  description: 'A delivery counts on the UTC day on which it ended; today is one of the days.',
  tags,
  params: WEBHOOK_PARAMS,
  querystring: Type.Object(
    { days: Type.Optional(Type.Integer({ minimum: 1, maximum: 3660, default: DEFAULT_DAYS })) },
    { additionalProperties: false },
  ),
  response: answers({ 200: jsonAnswer('What ended.', Statistics) }, ['webhook_not_found']),
};

const ofHours = {
  operationId: 'getWebhookHourlyStatistics',
  summary: 'Statistics by the hour',
  description:
    'For charts, the oldest first; this hour is one of them. Kept 35 days; hours in which nothing ended are absent.',
  tags,
  params: WEBHOOK_PARAMS,
  querystring: Type.Object(
    { hours: Type.Optional(Type.Integer({ minimum: 1, maximum: 840, default: DEFAULT_HOURS })) },
    { additionalProperties: false },
  ),
  response: answers({ 200: jsonAnswer('What ended in each hour.', HourlyStatistics) }, ['webhook_not_found']),
};

/** `/v1/webhooks/{webhook_id}/statistics`, by days and by hours. */
export function statisticsRoutes(app: FastifyInstance, v1: V1): void {
  const routes = app.withTypeProvider<TypeBoxTypeProvider>();

  routes.get('/v1/webhooks/:webhook_id/statistics', { schema: ofDays }, async (request, reply) => {
    const { days = DEFAULT_DAYS } = request.query;
    const body = await v1.read(request, (tx) => statisticsOfDays(tx, request.params.webhook_id, days));
    return sendJson(reply, body);
  });
  routes.get('/v1/webhooks/:webhook_id/statistics/hourly', { schema: ofHours }, async (request, reply) => {
    const { hours = DEFAULT_HOURS } = request.query;
    const data = await v1.read(request, (tx) => statisticsOfHours(tx, request.params.webhook_id, hours));
    return sendJson(reply, `{"data":${data}}`);
  });
}
