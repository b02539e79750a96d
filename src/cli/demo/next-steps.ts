import { resolve } from 'node:path';
import { keysFile } from '../../start/keys.js';

/** What a newcomer can try while the demo goes on serving. */
export function nextSteps(options: {
  readonly url: string;
  readonly dataDir: string;
  readonly userId: string;
}): string {
  const { url, userId } = options;
  const keys = resolve(keysFile(options.dataDir));
  return `
The dashboard, signed in as the demo user: ${url}/
As the operator, with the service key, at the address that this prints:

  node -p "'${url}/#token=' + JSON.parse(fs.readFileSync('${keys}')).serviceKey"

Hookline goes on serving. Try this in another terminal, and watch the subscribers here:

  # The service key, which Hookline made for itself
  KEY=$(node -p "JSON.parse(fs.readFileSync('${keys}')).serviceKey")

  # An event of your application, for the demo user. Run it twice: the second answer is a duplicate.
  curl -s -w '\\n' ${url}/v1/events -H "Authorization: Bearer $KEY" -H 'Content-Type: application/json' \\
    -H 'Idempotency-Key: try-${userId.slice(0, 8)}' \\
    -d '{"type":"credit.added","user_id":"${userId}","payload":{"credits":100}}'

  # A type that nobody registered: an error with a code and a hint
  curl -s -w '\\n' ${url}/v1/events -H "Authorization: Bearer $KEY" -H 'Content-Type: application/json' \\
    -d '{"type":"video.exploded","broadcast":true,"payload":{}}'

  # Is it well?
  curl -s -w '\\n' ${url}/healthz

Everything is kept in ${resolve(options.dataDir)}; delete it to begin anew. Ctrl-C ends the demo.
Your own: npx hookline start (--help lists the settings).
`;
}
