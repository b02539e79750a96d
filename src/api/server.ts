import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import type { Logger } from 'pino';
import type { Database } from '../db/database.js';
import { Feed, type FeedOptions } from '../live/feed.js';
import type { ContentElsewhere } from '../manage/content/elsewhere.js';
import { Readiness } from '../manage/readiness/readiness.js';
import type { Metrics } from '../observe/metrics/metrics.js';
import type { Keyring } from '../secrets/keyring.js';
import type { Sealer } from '../secrets/sealer.js';
import { requestIdOf } from '../trigger/origin.js';
import { createAccessTokens } from './auth/access-tokens.js';
import { type AuthOptions, createAuth } from './auth/auth.js';
import { actOn } from './auth/caller.js';
import { knowCallers } from './auth/know-callers.js';
import { answerClientError } from './client-errors.js';
import { closeConnectionsInOrder } from './closing-connections.js';
import { allowOrigins } from './cors.js';
import { dashboardRoutes } from './dashboard/dashboard.js';
import { acceptJson } from './json-body.js';
import { describeRoutes } from './openapi/document.js';
import { sendProblem } from './problem.js';
import { answerErrors, refuseWhileClosing } from './refusals.js';
import { toRequestError } from './request-errors.js';
import { tellFailures } from './request-failures.js';
import { logCompleted, logResponses } from './request-log.js';
import { countResponses, countUnmatched } from './request-metrics.js';
import { aiContentRoutes } from './routes/ai-content.js';
import { allReplaysRoutes } from './routes/all-replays.js';
import { apiKeyRoutes } from './routes/api-keys.js';
import { auditRoutes } from './routes/audit.js';
import { deliveryRoutes } from './routes/deliveries.js';
import { deliveryStreamRoutes } from './routes/deliveries-stream.js';
import { eventTypeCheckRoutes } from './routes/event-type-check.js';
import { eventTypeRoutes } from './routes/event-types.js';
import { eventRoutes } from './routes/events.js';
import { filterRoutes } from './routes/filters.js';
import { graphqlRoutes } from './routes/graphql.js';
import { healthRoutes } from './routes/health.js';
import { metricsRoutes } from './routes/metrics.js';
import { overallStatisticsRoutes } from './routes/overall-statistics.js';
import { portalTokenRoutes } from './routes/portal-tokens.js';
import { queueRoutes } from './routes/queue.js';
import { replayRoutes } from './routes/replays.js';
import { type SessionRoutes, sessionRoutes } from './routes/session.js';
import { signingKeyRoutes } from './routes/signing-keys.js';
import { statisticsRoutes } from './routes/statistics.js';
import { subscriptionRoutes } from './routes/subscriptions.js';
import { userRoutes } from './routes/users.js';
import { webhookActionRoutes } from './routes/webhook-actions.js';
import { webhookHeaderRoutes } from './routes/webhook-headers.js';
import { webhookKeyRoutes } from './routes/webhook-keys.js';
import { webhookRoutes } from './routes/webhooks.js';
import { workerRoutes } from './routes/workers.js';
import { rpcRoutes } from './rpc/routes.js';
import { sealNewSecrets } from './seal-new-secrets.js';
import { createSessions, type SessionOptions } from './session/sessions.js';
import { limitRates, type RateLimits } from './v1/rate-limit.js';
import { v1Scope } from './v1/scope.js';
import type { StreamTimes } from './v1/stream-end.js';
import { validatorCompiler } from './validator.js';

export interface ServerOptions
  extends Omit<AuthOptions, 'accessTokens' | 'sessions'>,
    Pick<SessionOptions, 'allowedHosts'>,
    RateLimits,
    Pick<SessionRoutes, 'automaticCredential'> {
  readonly db: Database;
  readonly log: Logger;
  /** The largest request body, in bytes. */
  readonly maxBodyBytes: number;
  /** Origins whose pages may read answers; absent: none. */
  readonly corsOrigins?: readonly string[];
  /** CIDRs of the proxies in front, whose X-Forwarded-For and -Proto are taken; absent: nobody's are. */
  readonly trustProxy?: readonly string[];
  /** The times of live streams; absent: the defaults. */
  readonly streams?: StreamTimes & Pick<FeedOptions, 'idleMs'>;
  /** Where the built dashboard is; absent: in the package. */
  readonly dashboardDir?: string | undefined;
  /** Whether the process can do its work; absent: a server by itself, which has started when it listens. */
  readonly readiness?: Readiness | undefined;
  /** Counts requests; absent: nothing does. */
  readonly metrics?: Metrics | undefined;
  /** Whether `GET /metrics` is here, and not at a port of its own. Default: yes, where there are metrics. */
  readonly servesMetrics?: boolean;
  /** Opens secrets that are encrypted. Default: nothing does. */
  readonly keyring?: Keyring | undefined;
  /** Encrypts what requests make; absent: nothing does. */
  readonly sealer?: Sealer | undefined;
  /** Where received AI webhooks are, when not in `db`. */
  readonly contentElsewhere?: ContentElsewhere | undefined;
  /** Mounts what does not belong to the API: the receiver. */
  readonly mount?: (app: FastifyInstance) => void;
}

/** Long enough for a slow caller with a full body, short enough that idle connections do not pile up. */
const REQUEST_TIMEOUT_MS = 30_000;

/** The HTTP server, not yet listening. Every refusal is a problem document, whoever refuses: route, framework or HTTP parser. */
export function createServer(options: ServerOptions): FastifyInstance {
  const loggerInstance: FastifyBaseLogger = options.log;
  const app = Fastify({
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'request_id' }),
    bodyLimit: options.maxBodyBytes,
    trustProxy: options.trustProxy === undefined || options.trustProxy.length === 0 ? false : [...options.trustProxy],
    requestTimeout: REQUEST_TIMEOUT_MS,
    return503OnClosing: false,
    requestIdHeader: false,
    genReqId: requestIdOf,
    clientErrorHandler: answerClientError,
    // Of a URL that cannot be decoded, say: no hook runs for it.
    frameworkErrors: (error, request, reply) => {
      reply.header('x-request-id', request.id);
      sendProblem(reply, toRequestError(error, options.maxBodyBytes));
      logCompleted(request, reply);
      if (options.metrics !== undefined) countUnmatched(options.metrics.http, reply);
    },
  });
  app.setValidatorCompiler(validatorCompiler);
  // Schemas of answers document; what is sent is written by PostgreSQL, or already of the right form.
  app.setSerializerCompiler(() => (value) => JSON.stringify(value));
  app.decorateReply('problemCode', undefined);
  refuseWhileClosing(app);
  logResponses(app);
  const { metrics, servesMetrics = true } = options;
  if (metrics !== undefined) countResponses(app, metrics.http);
  const { db, maxBodyBytes } = options;
  tellFailures(app, db, options.log);
  answerErrors(app, maxBodyBytes);

  const accessTokens = createAccessTokens(db, options.log);
  app.addHook('onClose', () => accessTokens.settled());
  const sessions = createSessions(options);
  const auth = createAuth({ ...options, accessTokens, sessions });
  const actAs = actOn(db);
  app.decorateRequest('session');
  allowOrigins(app, options.corsOrigins ?? []);
  limitRates(app, db, options, options.log);
  if (options.sealer !== undefined) sealNewSecrets(app, options.sealer);
  describeRoutes(app);
  const feed = new Feed({ db, log: options.log, ...options.streams });
  app.addHook('onReady', async () => feed.start());
  app.addHook('preClose', () => feed.close());
  closeConnectionsInOrder(app);
  const readiness = options.readiness ?? startedAlone(db);
  app.register(async (scope) => healthRoutes(scope, { db, readiness }));
  if (metrics !== undefined && servesMetrics) app.register(async (scope) => metricsRoutes(scope, { metrics, auth }));
  app.register(async (scope) => webhookKeyRoutes(scope, options));
  app.register(async (scope) => {
    acceptJson(scope);
    knowCallers(scope, auth.serviceOf);
    eventRoutes(scope, { db });
  });
  app.register(async (scope) => {
    const v1 = v1Scope(scope, { auth, actAs });
    webhookRoutes(scope, v1);
    webhookActionRoutes(scope, v1, options.keyring);
    subscriptionRoutes(scope, v1);
    eventTypeRoutes(scope, v1);
    eventTypeCheckRoutes(scope, v1);
    filterRoutes(scope, { db });
    aiContentRoutes(scope, v1, options.contentElsewhere);
    deliveryRoutes(scope, v1);
    replayRoutes(scope, v1);
    allReplaysRoutes(scope, v1);
    statisticsRoutes(scope, v1);
    overallStatisticsRoutes(scope, v1);
    queueRoutes(scope, v1);
    workerRoutes(scope, v1);
    userRoutes(scope, v1);
    webhookHeaderRoutes(scope, v1);
    signingKeyRoutes(scope, v1);
    auditRoutes(scope, v1);
    deliveryStreamRoutes(scope, v1, feed, options.streams);
    graphqlRoutes(scope, v1, feed, options.streams);
    apiKeyRoutes(scope, v1);
    portalTokenRoutes(scope, v1);
  });
  app.register(async (scope) => sessionRoutes(scope, { ...options, auth, actAs, sessions }));
  app.register(async (scope) => dashboardRoutes(scope, { ...options, sessions }));
  app.register(rpcRoutes, {
    auth,
    actAs,
    maxBodyBytes,
    keyring: options.keyring,
    log: options.log,
    prefix: '/rest/v1',
  });
  options.mount?.(app);
  return app;
}

function startedAlone(db: Database): Readiness {
  const readiness = new Readiness(db);
  readiness.started();
  return readiness;
}
