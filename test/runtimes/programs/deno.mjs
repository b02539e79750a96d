import { respond } from './respond.mjs';

const onListen = ({ port }) => process.stdout.write(`Listening on http://127.0.0.1:${port}/\n`);
Deno.serve({ hostname: '127.0.0.1', port: 0, onListen }, (request) => respond(request));
