import type { Command } from 'commander';
import type { Database } from '../../db/database.js';
import { counted } from '../../doctor/told.js';
import { HooklineError } from '../../errors.js';
import type { Keyring } from '../../secrets/keyring.js';
import { EMBEDDED_VARIABLES, environmentHelp, SECRET_VARIABLES } from '../environment-help.js';
import { exitWith } from '../exit.js';
import { wholeNumber } from '../numbers.js';

const VARIABLES = ['DATABASE_URL', ...EMBEDDED_VARIABLES, ...SECRET_VARIABLES] as const;
const DEFAULT_BATCH = 200;
const LARGEST_BATCH = 10_000;
const HINT_TO_GO_ON = 'Run it again for the rest.';

interface Options {
  readonly json?: boolean;
}

interface RewriteOptions extends Options {
  readonly batch: number;
}

/** `hookline secrets`: encryption of secrets at rest (docs/secrets-at-rest.md). */
export function addSecretsCommand(program: Command): void {
  const secrets = program
    .command('secrets')
    .description('Encryption of webhook secrets, custom headers and private signing keys in the database.')
    .addHelpText(
      'after',
      environmentHelp(VARIABLES, [
        'echo "k1:$(openssl rand -base64 32)"   # a key for HOOKLINE_SECRET_KEYS',
        'hookline secrets status',
        'HOOKLINE_SECRET_KEYS=k2:…,k1:… hookline secrets rotate',
      ]),
    );
  secrets
    .command('status')
    .description('How many secrets are in the clear, and how many are encrypted with which key.')
    .option('--json', 'print it as JSON')
    .action((options: Options) => withDatabase((db, keyring) => status(db, keyring, options)));
  addRewrite(
    secrets,
    'rotate',
    'Encrypt everything with the first key of HOOKLINE_SECRET_KEYS. Stopped or killed, it goes on when it is run again.',
  );
  addRewrite(secrets, 'decrypt', 'Take the encryption off again, and leave it off until the next rotate.');
}

function addRewrite(secrets: Command, name: 'rotate' | 'decrypt', description: string): void {
  secrets
    .command(name)
    .description(description)
    .option('--batch <n>', 'rows in one transaction', wholeNumber(1, LARGEST_BATCH), DEFAULT_BATCH)
    .option('--json', 'print the result as JSON, and no progress')
    .action((options: RewriteOptions) => withDatabase((db, keyring) => rewrite(db, keyring, name, options)));
}

async function withDatabase(run: (db: Database, keyring: Keyring) => Promise<void>): Promise<void> {
  const [{ loadConfig }, { Keyring }, { openGivenDatabase }, { checkMigrated }] = await Promise.all([
    import('../../config.js'),
    import('../../secrets/keyring.js'),
    import('../open-database.js'),
    import('../../start/prepare-database.js'),
  ]);
  const config = loadConfig(process.env);
  const keyring = new Keyring(config.secretKeys);
  const db = await openGivenDatabase(config);
  try {
    await checkMigrated(db);
    await run(db, keyring);
  } finally {
    await db.close();
  }
}

async function status(db: Database, keyring: Keyring, { json = false }: Options): Promise<void> {
  const { secretStatus } = await import('../../secrets/status.js');
  const { statusOf, statusText } = await import('../secrets/status.js');
  const found = await secretStatus(db);
  console.log(json ? JSON.stringify(statusOf(found, keyring)) : statusText(found, keyring));
}

async function rewrite(
  db: Database,
  keyring: Keyring,
  name: 'rotate' | 'decrypt',
  options: RewriteOptions,
): Promise<void> {
  const { batch, json = false } = options;
  const [{ checkSecretKeys }, { rewriteAll }, { createProgress }, { exitCodeOf, watchSignals }] = await Promise.all([
    import('../../secrets/registry.js'),
    import('../secrets/rewrite.js'),
    import('../progress.js'),
    import('../../start/signals.js'),
  ]);
  if (name === 'rotate' && keyring.sealingId === undefined) {
    throw new HooklineError('secret_keys_not_set', undefined, {
      hint: 'Set it to id:key, such as k1: and what `openssl rand -base64 32` prints. Keep it beside the backups of the database, never in them.',
    });
  }
  await checkSecretKeys(db, keyring);
  const { signal } = watchSignals(() => console.error('Stopped at once.'));
  const progress = json ? undefined : createProgress();
  const to = name === 'rotate' ? 'key' : 'clear';
  const { rewritten, left, unreadable, forgotten } = await rewriteAll({
    db,
    keyring,
    to,
    batch,
    signal,
    progress,
  }).finally(() => progress?.end());
  if (json) {
    const key = to === 'key' ? keyring.sealingId : null;
    console.log(JSON.stringify({ key_id: key, rewritten, left, unreadable, keys_not_needed: forgotten }));
  } else {
    console.log(
      to === 'key'
        ? `Encrypted ${counted(rewritten, 'secret')} with ${keyring.sealingId}.`
        : `Decrypted ${counted(rewritten, 'secret')}.`,
    );
    if (forgotten.length > 0)
      console.log(`Not needed any more, but for backups of the database: ${forgotten.join(', ')}.`);
  }
  const leftOver = counted(left, 'secret is', 'secrets are');
  if (signal.aborted) {
    if (left > 0 && !json) console.log(`Stopped before the end, ${leftOver} left. ${HINT_TO_GO_ON}`);
    await db.close();
    await exitWith(exitCodeOf(signal.reason));
  }
  if (left === 0) return;
  throw new HooklineError('secrets_left', `${leftOver} left as ${left === 1 ? 'it was' : 'they were'}.`, {
    hint:
      unreadable.length === 0
        ? `Somebody else holds their rows. ${HINT_TO_GO_ON}`
        : `These do not open with the keys that are here: ${unreadable.slice(0, 10).join(', ')}${unreadable.length > 10 ? ', …' : ''}. Rotate the secret of such a webhook.`,
  });
}
