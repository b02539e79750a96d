import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import type { Sessions } from '../session/sessions.js';
import { pageOf } from './page.js';
import { ASSETS_PREFIX, PAGE_PATHS } from './paths.js';

/** Where `npm run build` puts the dashboard, as seen from src and from dist alike. */
const BUILT_DIR = fileURLToPath(new URL('../../../dist/dashboard', import.meta.url));
/** Vite puts a hash of the content into these names. */
const HASHED_NAME = /-[\w-]{8}\.\w+(\.br|\.gz)?$/;

export interface DashboardOptions {
  readonly sessions: Sessions;
  /** Where the built dashboard is; absent: in the package. */
  readonly dashboardDir?: string | undefined;
}

/** The dashboard, a React application that was built by Vite: the document at each of its addresses, and its assets, compressed where they were beforehand. */
export function dashboardRoutes(app: FastifyInstance, { sessions, dashboardDir = BUILT_DIR }: DashboardOptions): void {
  const sendPage = pageOf(dashboardDir);
  for (const url of PAGE_PATHS) {
    const onRequest = async (request: Parameters<Sessions['checkHost']>[0]) => sessions.checkHost(request);
    app.get(url, { schema: { hide: true }, onRequest }, async (_request, reply) => sendPage(reply));
  }

  const root = join(dashboardDir, 'assets');
  if (existsSync(root)) app.register(async (scope) => assetRoutes(scope, root));
}

/** A route for each file that is there when the server starts, so that no other path leads into the folder. */
function assetRoutes(scope: FastifyInstance, root: string): void {
  scope.addHook('onSend', async (_request, reply) => {
    const varies = [reply.getHeader('vary'), 'accept-encoding'].flat().filter((name) => name !== undefined);
    reply.header('vary', varies.join(', '));
  });
  scope.register(fastifyStatic, {
    root,
    prefix: ASSETS_PREFIX,
    decorateReply: false,
    wildcard: false,
    globIgnore: ['**/*.{br,gz}'],
    index: false,
    preCompressed: true,
    cacheControl: false,
    setHeaders(response, path) {
      response.setHeader('x-content-type-options', 'nosniff');
      response.setHeader('cache-control', HASHED_NAME.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
}
