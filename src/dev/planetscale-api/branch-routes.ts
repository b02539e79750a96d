import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { notFound, unprocessable } from './api-error.js';
import { lintErrorsOf } from './lint.js';
import { PageQuery, pageOf } from './pages.js';
import { removeBranch } from './remove-branch.js';
import type { RouteContext } from './route-context.js';
import { branchOf, tableOf } from './shapes.js';

const Params = Type.Object({ branch: Type.String() });
const NewBranch = Type.Object({
  name: Type.String(),
  parent_branch: Type.String(),
  seed_data: Type.Optional(Type.Unknown()),
  backup_id: Type.Optional(Type.Unknown()),
  region: Type.Optional(Type.Unknown()),
});

/** Branches, their schemas, and safe migrations. */
export function branchRoutes(app: FastifyInstance, context: RouteContext): void {
  const { branches, passwords, databases, state, token, names, exclusive } = context;
  const typed = app.withTypeProvider<TypeBoxTypeProvider>();

  typed.get('/branches', { schema: { querystring: Type.Object(PageQuery) } }, async (request) => {
    token.require('read_branch');
    const rows = await branches.list();
    return pageOf(
      request,
      request.query,
      rows.map((row) => branchOf(row, names)),
    );
  });

  typed.post('/branches', { schema: { body: NewBranch } }, async ({ body }, reply) => {
    token.require('create_branch');
    const row = await exclusive(() => branches.create({ name: body.name, parent: body.parent_branch }));
    return reply.code(201).send(branchOf(row, names));
  });

  typed.get('/branches/:branch', { schema: { params: Params } }, async ({ params }) => {
    token.require('read_branch');
    return branchOf(await branches.get(params.branch), names);
  });

  typed.delete('/branches/:branch', { schema: { params: Params } }, async ({ params }, reply) => {
    token.require('delete_branch');
    await exclusive(() => removeBranch(context, params.branch));
    return reply.code(204).send();
  });

  typed.get('/branches/:branch/schema', { schema: { params: Params } }, async ({ params }) => {
    token.require('read_branch');
    const row = await branches.getReady(params.branch);
    return { data: (await databases.createStatements(row.database_name)).map(tableOf) };
  });

  typed.get(
    '/branches/:branch/schema/lint',
    { schema: { params: Params, querystring: Type.Object(PageQuery) } },
    async (request) => {
      token.require('read_branch');
      const row = await branches.getReady(request.params.branch);
      const found = lintErrorsOf(await databases.schemaOf(row.database_name), names.database);
      return pageOf(request, request.query, found);
    },
  );

  for (const on of [true, false]) {
    typed.route({
      method: on ? 'POST' : 'DELETE',
      url: '/branches/:branch/safe-migrations',
      schema: { params: Params },
      handler: async ({ params }) => {
        token.require('write_database');
        return exclusive(async () => {
          const { name, production } = await branches.get(params.branch);
          if (production === 0) throw unprocessable('Safe migrations can only be enabled on production branches');
          const changes = { safe_migrations: on ? 1 : 0, updated_at: new Date().toISOString() };
          if (!(await state.update('branches', { name }, changes))) throw notFound();
          await passwords.restartAllOf(name);
          return branchOf(await branches.get(name), names);
        });
      },
    });
  }
}
