import { ok } from '@hookline/client';
import type { Command } from 'commander';
import { type ConfirmOptions, confirm } from '../confirm.js';
import type { ConnectionOptions } from '../connection.js';
import { printList } from '../list.js';
import type { ListOptions } from '../list-options.js';
import { userOf } from '../options.js';
import { note, printDone, printSecret } from '../output.js';
import { withServer } from '../run.js';
import { CREDENTIAL_COLUMNS, madeNote } from './text.js';

interface CreateOptions extends ConnectionOptions {
  readonly user?: string;
  readonly access: 'read' | 'write';
  readonly expires?: number;
  readonly name?: string;
  readonly link?: boolean;
}

/** `token create`. */
export async function createPortalToken(options: CreateOptions, command: Command): Promise<void> {
  const { user, access, expires, name, link = false } = options;
  if (user === undefined) command.error("error: required option '--user <id>' not specified");
  await withServer(options, async ({ client, url }) => {
    const body = {
      ...userOf(user),
      access,
      ...(expires !== undefined && { expires_in_seconds: expires }),
      ...(name !== undefined && { name }),
    };
    const made = ok(await client.POST('/v1/portal-tokens', { body }));
    const { token, dashboard_path: path } = made;
    if (link) printSecret(path && url + path, { ...made, link: url + path }, options);
    else printSecret(token, made, options);
    note(madeNote('Portal token', made), options);
  });
}

/** `token list`. */
export async function listPortalTokens(
  options: ConnectionOptions & ListOptions & { readonly user?: string },
): Promise<void> {
  await withServer(options, async ({ client }) => {
    await printList(
      CREDENTIAL_COLUMNS,
      async (page) =>
        ok(await client.GET('/v1/portal-tokens', { params: { query: { ...userOf(options.user), ...page } } })),
      'portal tokens',
      options,
    );
  });
}

/** `token revoke`. */
export async function revokePortalToken(
  id: string,
  options: ConnectionOptions & ConfirmOptions,
  command: Command,
): Promise<void> {
  await withServer(options, async ({ client }) => {
    const params = { path: { portal_token_id: id } };
    const token = ok(await client.GET('/v1/portal-tokens/{portal_token_id}', { params }));
    await confirm(`Revoke the portal token ${token.name ?? token.prefix} of user ${token.user_id}`, options, command);
    ok(await client.DELETE('/v1/portal-tokens/{portal_token_id}', { params }));
    printDone(`Revoked: ${token.name ?? token.prefix}.`, { id, revoked: true }, options);
  });
}
