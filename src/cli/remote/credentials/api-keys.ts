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
  readonly name: string;
  readonly access: 'read' | 'write';
  readonly expires?: number;
  readonly user?: string;
}

/** `keys create`. */
export async function createApiKey(options: CreateOptions): Promise<void> {
  const { name, access, expires, user } = options;
  await withServer(options, async ({ client }) => {
    const body = { ...userOf(user), name, access, ...(expires !== undefined && { expires_in_seconds: expires }) };
    const made = ok(await client.POST('/v1/api-keys', { body }));
    printSecret(made.key, made, options);
    note(madeNote('API key', made), options);
  });
}

/** `keys list`. */
export async function listApiKeys(
  options: ConnectionOptions & ListOptions & { readonly user?: string },
): Promise<void> {
  await withServer(options, async ({ client }) => {
    await printList(
      CREDENTIAL_COLUMNS,
      async (page) => ok(await client.GET('/v1/api-keys', { params: { query: { ...userOf(options.user), ...page } } })),
      'API keys',
      options,
    );
  });
}

/** `keys revoke`. */
export async function revokeApiKey(
  id: string,
  options: ConnectionOptions & ConfirmOptions,
  command: Command,
): Promise<void> {
  await withServer(options, async ({ client }) => {
    const params = { path: { api_key_id: id } };
    const key = ok(await client.GET('/v1/api-keys/{api_key_id}', { params }));
    await confirm(`Revoke the API key ${key.name ?? key.prefix} of user ${key.user_id}`, options, command);
    ok(await client.DELETE('/v1/api-keys/{api_key_id}', { params }));
    printDone(`Revoked: ${key.name ?? key.prefix}.`, { id, revoked: true }, options);
  });
}
