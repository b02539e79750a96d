import { createMysqlProvider } from '../../src/schema/providers/mysql/provider.js';

// A process that deploys, for tests that kill it: `schema-deploy-process.ts <url> <number>`. It says on stdout what it does.
const [url = '', number = ''] = process.argv.slice(2);
const onProgress = (text: string): void => void process.stdout.write(`${text}\n`);
await createMysqlProvider({ url, actor: 'killed@test' }).deployRequests.deploy(
  Number(number),
  { instant: false },
  { timeoutMs: 120_000, onProgress },
);
