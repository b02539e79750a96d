import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { unprocessable } from './api-error.js';
import { createDeployRequestShapes } from './deploy-request-shapes.js';
import { PageQuery, pageOf } from './pages.js';
import type { RouteContext } from './route-context.js';

const Params = Type.Object({ number: Type.Integer() });
const Listing = Type.Object(PageQuery);
const Filter = Type.Object({
  ...PageQuery,
  state: Type.Optional(Type.String()),
  branch: Type.Optional(Type.String()),
  into_branch: Type.Optional(Type.String()),
});
const NewDeployRequest = Type.Object({
  branch: Type.String(),
  into_branch: Type.String(),
  notes: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  auto_cutover: Type.Optional(Type.Boolean()),
  auto_delete_branch: Type.Optional(Type.Boolean()),
});
const Patch = Type.Object({ state: Type.Enum(['closed']) });
const Deploy = Type.Object({ instant_ddl: Type.Optional(Type.Boolean()) });
const NewReview = Type.Object({
  state: Type.Enum(['approved', 'commented']),
  body: Type.Optional(Type.String()),
});

/** Deploy requests, their deployments and reviews. */
export function deployRequestRoutes(app: FastifyInstance, context: RouteContext): void {
  const { deployRequests, state, token, names, administrators, exclusive } = context;
  const shapes = createDeployRequestShapes(state, names);
  const typed = app.withTypeProvider<TypeBoxTypeProvider>();

  typed.get('/deploy-requests', { schema: { querystring: Filter } }, async (request) => {
    token.require('read_deploy_request');
    const { state: wanted, branch, into_branch } = request.query;
    if (wanted !== undefined && wanted !== 'open' && wanted !== 'closed')
      throw unprocessable('state is open or closed');
    const rows = await deployRequests.list({
      ...(wanted !== undefined && { state: wanted }),
      ...(branch !== undefined && { branch }),
      ...(into_branch !== undefined && { into_branch }),
    });
    const page = pageOf(request, request.query, rows);
    return { ...page, data: await Promise.all(page.data.map((row) => shapes.deployRequest(row))) };
  });

  typed.post('/deploy-requests', { schema: { body: NewDeployRequest } }, async ({ body }, reply) => {
    token.require('create_deploy_request');
    const row = await exclusive(() =>
      deployRequests.create({
        branch: body.branch,
        into: body.into_branch,
        notes: body.notes ?? '',
        autoCutover: body.auto_cutover ?? true,
        autoDeleteBranch: body.auto_delete_branch ?? false,
      }),
    );
    return reply.code(201).send(await shapes.deployRequest(row));
  });

  typed.get('/deploy-requests/:number', { schema: { params: Params } }, async ({ params }) => {
    token.require('read_deploy_request');
    return shapes.deployRequest(await deployRequests.get(params.number));
  });

  typed.patch('/deploy-requests/:number', { schema: { params: Params, body: Patch } }, async ({ params }) => {
    token.require('create_deploy_request');
    return shapes.deployRequest(await exclusive(() => deployRequests.close(params.number)));
  });

  typed.get('/deploy-requests/:number/deployment', { schema: { params: Params } }, async ({ params }) => {
    token.require('read_deploy_request');
    return shapes.deployment(await deployRequests.get(params.number));
  });

  typed.get(
    '/deploy-requests/:number/operations',
    { schema: { params: Params, querystring: Listing } },
    async (request) => {
      token.require('read_deploy_request');
      const { number } = await deployRequests.get(request.params.number);
      const rows = await state.find('operations', { deploy_request: number });
      return pageOf(request, request.query, rows.map(shapes.operation));
    },
  );

  typed.get(
    '/deploy-requests/:number/reviews',
    { schema: { params: Params, querystring: Listing } },
    async (request) => {
      token.require('read_deploy_request');
      const { number } = await deployRequests.get(request.params.number);
      const rows = await state.find('reviews', { deploy_request: number });
      return pageOf(request, request.query, rows.map(shapes.review));
    },
  );

  typed.post(
    '/deploy-requests/:number/reviews',
    { schema: { params: Params, body: NewReview } },
    async ({ params: { number }, body: { state: given, body = '' } }, reply) => {
      token.require('approve_deploy_request');
      // Whoever has the token made the request, too.
      if (given === 'approved' && administrators > 1) throw unprocessable('You cannot approve your own deploy request');
      const review = await exclusive(() => deployRequests.review(number, { state: given, body, actor: names.actor }));
      return reply.code(201).send(shapes.review(review));
    },
  );

  typed.post(
    '/deploy-requests/:number/deploy',
    {
      schema: { params: Params, body: Deploy },
      // A deployment needs no body.
      preValidation: async (request) => {
        request.body ??= {};
      },
    },
    async ({ params: { number }, body }) => {
      token.require('create_deploy_request');
      const instant = body.instant_ddl ?? false;
      return shapes.deployRequest(await exclusive(() => deployRequests.deploy(number, { instant })));
    },
  );

  for (const [action, method] of [
    ['apply-deploy', 'apply'],
    ['cancel', 'cancel'],
    ['revert', 'revert'],
    ['skip-revert', 'skipRevert'],
  ] as const) {
    typed.post(`/deploy-requests/:number/${action}`, { schema: { params: Params } }, async ({ params: { number } }) => {
      token.require('create_deploy_request');
      return shapes.deployRequest(await exclusive(() => deployRequests[method](number)));
    });
  }
}
