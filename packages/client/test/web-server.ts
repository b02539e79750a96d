import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { listen } from './adapter-scenario.js';

/** Serves a function of the web's standard over HTTP. What it throws is answered 500. */
export function listenWeb(respond: (request: Request) => Response | Promise<Response>) {
  return listen((incoming, outgoing) => {
    const headers = Object.entries(incoming.headers).map(([name, value]): [string, string] => [name, String(value)]);
    const body = Readable.toWeb(incoming) as ReadableStream<Uint8Array>;
    const init = { method: 'POST', headers, body, duplex: 'half' };
    const request = new Request(`http://127.0.0.1${incoming.url}`, init);
    const answered = Promise.resolve(respond(request)).catch(() => new Response(null, { status: 500 }));
    answered
      .then(async (response) => {
        outgoing.writeHead(response.status, Object.fromEntries(response.headers));
        if (response.body === null) outgoing.end();
        else await pipeline(Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0]), outgoing);
      })
      .catch(() => outgoing.destroy());
  });
}
