import { type Command, Option } from 'commander';
import { DAY_S } from '../numbers.js';
import { addYesOption } from '../remote/confirm.js';
import { addGroup, withServerOptions } from '../remote/define.js';
import { addListOptions } from '../remote/list-options.js';
import { addUserOption, duration, idOf, textOfAtMost } from '../remote/options.js';

const tokenId = idOf('a portal token', 'hookline token list shows it');

/** `hookline token`: portal tokens, with which a user's browser acts as that user for a while. */
export function addTokenCommand(program: Command): void {
  const token = addGroup(
    program,
    'token',
    'Make and revoke portal tokens and dashboard links for users, with the service key.',
    ['hookline token create --user user_456 --link', 'hookline token list --user user_456'],
  );

  withServerOptions(
    addUserOption(
      token.command('create').description('Make a portal token, and print it this once, alone on standard output.'),
      'whom it acts as; needed',
    )
      .addOption(
        new Option('--access <access>', 'read changes nothing, and sees no secret')
          .choices(['read', 'write'])
          .default('read'),
      )
      .option('--expires <time>', 'how long it is valid (1h)', duration(60, DAY_S, '1m to 24h'))
      .option('--name <name>', 'what it is for', textOfAtMost(255))
      .option('--link', 'print a link that opens the dashboard signed in, in its place'),
    [
      'hookline token create --user user_456 --access write --expires 8h',
      'hookline token create --user user_456 --link',
    ],
  ).action(async (options, command) =>
    (await import('../remote/credentials/portal-tokens.js')).createPortalToken(options, command),
  );

  withServerOptions(
    addListOptions(addUserOption(token.command('list').description('List portal tokens.'), 'of this user alone')),
    ['hookline token list --user user_456'],
  ).action(async (options) => (await import('../remote/credentials/portal-tokens.js')).listPortalTokens(options));

  withServerOptions(
    addYesOption(
      token
        .command('revoke')
        .description('Revoke a portal token: within two seconds no server takes it.')
        .argument('<token-id>', 'its id, not the token itself', tokenId),
    ),
    ['hookline token revoke 8c3e…'],
  ).action(async (id, options, command) =>
    (await import('../remote/credentials/portal-tokens.js')).revokePortalToken(id, options, command),
  );
}
