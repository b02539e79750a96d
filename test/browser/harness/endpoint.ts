import { type ReceiverServer, type Script, startReceiver } from '../../harness/receiver-server.js';

/** By path: `/good` takes everything and verifies, `/failing` answers 500, `/gone` 410, `/slow` answers after a second, `/refusing` 404. */
const answerByPath: Script = ({ url, body }) => {
  const { pathname } = new URL(url, 'http://localhost');
  if (pathname === '/failing') return { status: 500, headers: TEXT, body: 'upstream connect error: database is away' };
  if (pathname === '/refusing') return { status: 404, headers: TEXT, body: 'no such route' };
  if (pathname === '/gone') return { status: 410 };
  const delayMs = pathname === '/slow' ? 1_000 : 0;
  return { delayMs, headers: JSON_TYPE, body: JSON.stringify({ received: true, ...verificationOf(body) }) };
};
const TEXT = { 'content-type': 'text/plain' };
const JSON_TYPE = { 'content-type': 'application/json' };

/** Who wants deliveries gives a verification's token back. */
function verificationOf(body: Buffer): { readonly token?: unknown } {
  const { token } = JSON.parse(body.toString('utf8')) ?? {};
  return token === undefined ? {} : { token };
}

/** A subscriber on loopback that deliveries of these tests really go to. `at('/failing')` is one of its URLs. */
export async function startEndpoint(): Promise<ReceiverServer & { at(path: string): string }> {
  const server = await startReceiver(answerByPath);
  return { ...server, at: (path) => new URL(path, server.url).href };
}
