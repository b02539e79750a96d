import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { ROLES } from './logins.js';
import { newId } from './names.js';
import { PageQuery, pageOf } from './pages.js';
import type { RouteContext } from './route-context.js';
import { passwordOf } from './shapes.js';

const MOST_SECONDS = 100 * 365 * 86_400;

const OfBranch = Type.Object({ branch: Type.String() });
const OfPassword = Type.Object({ branch: Type.String(), id: Type.String() });
const NewPassword = Type.Object({
  name: Type.Optional(Type.String({ maxLength: 100 })),
  role: Type.Optional(Type.Enum([...ROLES])),
  ttl: Type.Optional(Type.Integer({ minimum: 0, maximum: MOST_SECONDS })),
});

/** Passwords of branches. */
export function passwordRoutes(
  app: FastifyInstance,
  { branches, passwords, token, names, host, exclusive }: RouteContext,
): void {
  const typed = app.withTypeProvider<TypeBoxTypeProvider>();

  /** Passwords of production have accesses of their own. */
  async function requireFor(name: string, what: 'connect' | 'delete'): Promise<void> {
    const production = (await branches.get(name)).production === 1;
    if (what === 'connect') token.require(production ? 'connect_production_branch' : 'connect_branch');
    else token.require(production ? 'delete_production_branch_password' : 'delete_branch_password');
  }

  typed.get(
    '/branches/:branch/passwords',
    { schema: { params: OfBranch, querystring: Type.Object(PageQuery) } },
    async (request) => {
      token.require('read_branch');
      const rows = await passwords.list(request.params.branch);
      return pageOf(
        request,
        request.query,
        rows.map((row) => passwordOf(row, host, names, { once: false })),
      );
    },
  );

  typed.post(
    '/branches/:branch/passwords',
    { schema: { params: OfBranch, body: NewPassword } },
    async ({ params: { branch }, body }, reply) => {
      await requireFor(branch, 'connect');
      const { name = `password-${newId()}`, role = 'admin', ttl = 0 } = body;
      const row = await exclusive(() => passwords.create({ branch, name, role, ttl }));
      return reply.code(201).send(passwordOf(row, host, names, { once: true }));
    },
  );

  typed.get('/branches/:branch/passwords/:id', { schema: { params: OfPassword } }, async ({ params }) => {
    token.require('read_branch');
    return passwordOf(await passwords.get(params.branch, params.id), host, names, { once: false });
  });

  typed.delete('/branches/:branch/passwords/:id', { schema: { params: OfPassword } }, async ({ params }, reply) => {
    await requireFor(params.branch, 'delete');
    await exclusive(() => passwords.remove(params.branch, params.id));
    return reply.code(204).send();
  });
}
