import { respond } from './respond.mjs';

const server = Bun.serve({ hostname: '127.0.0.1', port: 0, fetch: (request) => respond(request) });
process.stdout.write(`Listening on http://127.0.0.1:${server.port}/\n`);
