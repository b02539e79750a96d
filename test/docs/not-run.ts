/** A block that no test runs, by its page and its beginning, and why. */
export interface NotRun {
  readonly file: string;
  readonly starts: string;
  readonly because: string;
}

const VITESS = 'Vitess reads it, and there is none here';
const BY_HAND_ON_A_MACHINE =
  'it is about a machine with Docker, Kubernetes or systemd; the page says what was tried by hand';
const BY_HAND = 'a start is tried by hand, from an empty folder and the packed packages';

export const NOT_RUN: readonly NotRun[] = [
  {
    file: 'docs/planetscale.md',
    starts: 'ALTER VSCHEMA ON ai_content ADD VINDEX xxhash (idempotency_key) USING xxhash;',
    because: VITESS,
  },
  {
    file: 'docs/verify.md',
    starts: 'import base64',
    because: 'test/conformance/verify-snippets.test.ts runs it in Python',
  },
  {
    file: 'docs/verify.md',
    starts: 'package webhook',
    because: 'there is no Go here; it was run by hand against the same cases',
  },
  {
    file: 'docs/tracing.md',
    starts: '// tracing.mjs',
    because: "the SDK's packages are none of ours; test/integration/tracing.test.ts runs spans through another one",
  },
  {
    file: 'docs/start/postgresql.md',
    starts: 'WEBHOOK_SECRET=what-was-printed node subscriber.mjs',
    because: BY_HAND,
  },
  {
    file: 'docs/start/postgresql.md',
    starts: 'APP_DATABASE_URL=postgres://owner:secret@127.0.0.1:5432/app node app.mjs',
    because: BY_HAND,
  },
  {
    file: 'docs/start/many-machines.md',
    starts: 'WEBHOOK_SECRET=what-was-printed node subscriber.mjs',
    because: BY_HAND,
  },
  {
    file: 'docs/start/planetscale-nextjs.md',
    starts: 'npm i @hookline/receiver @planetscale/database next react react-dom',
    because: BY_HAND,
  },
  {
    file: 'docs/start/planetscale-nextjs.md',
    starts: 'npx next dev',
    because: BY_HAND,
  },
  {
    file: 'docs/start/cloudflare-workers.md',
    starts: 'npm i @hookline/receiver',
    because: BY_HAND,
  },
  {
    file: 'docs/start/cloudflare-workers.md',
    starts: 'npx wrangler dev --test-scheduled',
    because: BY_HAND,
  },
  {
    file: 'docs/start/cloudflare-workers.md',
    starts: 'npx wrangler secret put MODELRIVER_WEBHOOK_SECRET',
    because: "it is about an account of Cloudflare's",
  },
  {
    file: 'docs/migrating/from-svix.md',
    starts: 'SVIX_URL=https://api.eu.svix.com SVIX_TOKEN=token-of-the-environment \\',
    because: 'test/integration/from-svix-example.test.ts runs it',
  },
  {
    file: 'examples/from-svix/README.md',
    starts: 'SVIX_URL=https://api.eu.svix.com SVIX_TOKEN=token-of-the-environment \\',
    because: 'test/integration/from-svix-example.test.ts runs it',
  },
  { file: 'docs/dashboard.md', starts: 'location / {', because: 'there is no nginx here' },
  {
    file: 'docs/command-line.md',
    starts: `export HOOKLINE_SERVICE_KEY=$(node -p "require('./.hookline/keys.json').serviceKey")`,
    because: 'docs/api.md runs the same',
  },
  {
    file: 'docs/operations.md',
    starts:
      "jq -cR 'fromjson? | select(.request_id == \"8a3c…\")' hookline.log       # fromjson?: other lines, a service manager's",
    because: 'it reads a log of the reader',
  },
  {
    file: 'docs/operations.md',
    starts: 'pg_dump --enable-row-security postgres://owner:…@db.example.com/app > app.sql',
    because: "it is PostgreSQL's own program, on a database of the reader",
  },
  {
    file: 'docs/operations.md',
    starts: 'psql -v ON_ERROR_STOP=1 --single-transaction postgres://owner:…@db.example.com/restored < app.sql',
    because: "it is PostgreSQL's own program, on a database of the reader",
  },
  {
    file: 'examples/cloudflare-worker/README.md',
    starts: 'cd examples/cloudflare-worker',
    because: 'test/runtimes/workers.test.ts builds and runs the example',
  },
  {
    file: 'examples/nextjs-planetscale/README.md',
    starts: 'cd examples/nextjs-planetscale',
    because: 'test/runtimes/next.test.ts builds and runs the example',
  },
  {
    file: 'examples/schema-branches/README.md',
    starts: 'export HOOKLINE_RECEIVER_URL=mysql://owner:secret@127.0.0.1:3306/app',
    because: 'it only says where the database is',
  },
  {
    file: 'examples/supabase/README.md',
    starts: `node -e "require('http').createServer((q, s) => { console.log(q.headers['x-webhook-event']); s.end(); }).listen(3000)"`,
    because: 'it serves until it is ended',
  },
  {
    file: 'docs/deployment.md',
    starts: 'docker build -t hookline .',
    because: BY_HAND_ON_A_MACHINE,
  },
  {
    file: 'docs/deployment.md',
    starts: 'for name in POSTGRES_PASSWORD',
    because: BY_HAND_ON_A_MACHINE,
  },
  {
    file: 'docs/deployment.md',
    starts: 'kubectl create namespace hookline',
    because: BY_HAND_ON_A_MACHINE,
  },
];
