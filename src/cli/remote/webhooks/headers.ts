import { ok } from '@hookline/client';
import type { Command } from 'commander';
import { HooklineError } from '../../../errors.js';
import { timeOf } from '../../times.js';
import type { ConnectionOptions } from '../connection.js';
import { readJsonObject } from '../json-input.js';
import { printDone } from '../output.js';
import { withServer } from '../run.js';

interface HeadersOptions extends ConnectionOptions {
  readonly set?: string;
  readonly clear?: boolean;
}

/** `webhooks headers`: names the custom headers, sets them in place of those that there were, or takes them away. Nobody reads their values again. */
export async function webhookHeaders(id: string, options: HeadersOptions, command: Command): Promise<void> {
  const { set, clear = false } = options;
  if (set !== undefined && !/^@/.test(set)) {
    command.error('error: option --set takes @file, or @- for standard input: others see the command line');
  }
  await withServer(options, async ({ client }) => {
    const route = '/v1/webhooks/{webhook_id}/headers';
    const params = { path: { webhook_id: id } };
    if (clear) {
      ok(await client.DELETE(route, { params }));
      printDone('It has no custom headers any more.', { names: [], set_at: null }, options);
      return;
    }
    const there =
      set === undefined
        ? ok(await client.GET(route, { params }))
        : ok(await client.PUT(route, { params, body: { headers: await readHeaders(set) } }));
    const { names, set_at: at } = there;
    printDone(
      names.length === 0 ? 'It has no custom headers.' : `${names.join(', ')}, set ${timeOf(at)}.`,
      there,
      options,
    );
  });
}

async function readHeaders(given: string): Promise<Record<string, string>> {
  const { value } = await readJsonObject(given, '--set');
  const entries = Object.entries(value);
  if (entries.every((entry): entry is [string, string] => typeof entry[1] === 'string'))
    return Object.fromEntries(entries);
  throw new HooklineError('invalid_headers', 'What --set is given is JSON, but not of names and texts.', {
    hint: 'Give an object such as {"X-Tenant": "acme"}.',
  });
}
