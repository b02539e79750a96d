import { type Command, Option } from 'commander';
import { TEN_YEARS_S } from '../numbers.js';
import { addYesOption } from '../remote/confirm.js';
import { addGroup, withServerOptions } from '../remote/define.js';
import { addListOptions } from '../remote/list-options.js';
import { addUserOption, duration, idOf, textOfAtMost } from '../remote/options.js';

const keyId = idOf('an API key', 'hookline keys list shows it');

/** `hookline keys`: API keys, which act as their user. */
export function addKeysCommand(program: Command): void {
  const keys = addGroup(program, 'keys', "Make and revoke API keys: your own, with the service key anybody's.", [
    'hookline keys create --name ci --access write --expires 90d',
    'hookline keys list',
  ]);

  withServerOptions(
    addUserOption(
      keys
        .command('create')
        .description('Make an API key, and print it this once, alone on standard output.')
        .requiredOption('--name <name>', 'what it is for', textOfAtMost(255))
        .addOption(
          new Option('--access <access>', 'read changes nothing, and sees no secret')
            .choices(['read', 'write'])
            .default('read'),
        )
        .option('--expires <time>', 'how long it is valid (for ever)', duration(60, TEN_YEARS_S, '1m to 3650d')),
      'whose it is',
    ),
    ['hookline keys create --name ci --access write --expires 90d > key.txt'],
  ).action(async (options) => (await import('../remote/credentials/api-keys.js')).createApiKey(options));

  withServerOptions(
    addListOptions(addUserOption(keys.command('list').description('List API keys.'), 'of this user alone')),
    ['hookline keys list'],
  ).action(async (options) => (await import('../remote/credentials/api-keys.js')).listApiKeys(options));

  withServerOptions(
    addYesOption(
      keys
        .command('revoke')
        .description('Revoke an API key: within two seconds no server takes it.')
        .argument('<key-id>', 'its id, not the key itself', keyId),
    ),
    ['hookline keys revoke 8c3e…'],
  ).action(async (id, options, command) =>
    (await import('../remote/credentials/api-keys.js')).revokeApiKey(id, options, command),
  );
}
