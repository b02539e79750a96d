import { randomUUID } from 'node:crypto';
import type { Database } from '../../../src/db/database.js';
import { asService } from '../../../src/db/roles.js';
import { makeHook, putDelivery } from '../../conformance/spec-helpers.js';
import { asUserId } from '../../harness/databases.js';
import type { ContractCall } from '../../integration/api-contract.js';

/** What makes the things that paths and bodies name. */
export interface Makers {
  readonly db: Database;
  /** The UUID of the user whose they are. */
  readonly owner: string;
  /** With the service key. */
  readonly service: ContractCall;
}

/** A new thing of the owner's each time, by its id. */
const THINGS: Readonly<Record<string, (makers: Makers) => Promise<string>>> = {
  owner: async ({ owner }) => owner,
  hook: async ({ db, owner }) => (await makeHook(db, owner)).id,
  delivery: async ({ db, owner }) => putDelivery(db, await makeHook(db, owner), { status: 'failed' }),
  replay: async ({ db, owner }) => {
    const { id } = await makeHook(db, owner);
    const { rows } = await asUserId(db, owner, (tx) =>
      tx.query<{ id: string }>(
        "SELECT replay_id::text AS id FROM create_webhook_replay($1::uuid, '-infinity', 'all', 'infinity')",
        [id],
      ),
    );
    return idOf(rows[0]);
  },
  event_type: async ({ db }) => {
    const type = newType();
    await asService(db, (tx) =>
      tx.query("INSERT INTO webhook_events (event_type, category) VALUES ($1, 'test')", [type]),
    );
    return type;
  },
  content: async ({ db, owner }) => {
    const { rows } = await asService(db, (tx) =>
      tx.query<{ id: string }>(
        "INSERT INTO ai_content (title, metadata) VALUES ('t', json_build_object('user_id', $1::text)) RETURNING id::text",
        [owner],
      ),
    );
    return idOf(rows[0]);
  },
  new_type: async () => newType(),
  api_key: ({ service, owner }) => made(service, '/v1/api-keys', { name: 'k', access: 'read', user_id: owner }),
  portal_token: ({ service, owner }) => made(service, '/v1/portal-tokens', { access: 'read', user_id: owner }),
};

/** The text with every $thing put in. */
export async function withThings(text: string, makers: Makers): Promise<string> {
  const [, name] = /\$([a-z_]+)/.exec(text) ?? [];
  if (name === undefined) return text;
  const make = THINGS[name];
  if (make === undefined) throw new Error(`There is no $${name}: ${text}`);
  return withThings(text.replace(`$${name}`, await make(makers)), makers);
}

async function made(service: ContractCall, path: string, body: object): Promise<string> {
  return idOf((await service<{ id: string }>('POST', path, { body })).body);
}

function newType(): string {
  return `test.${randomUUID()}`;
}

function idOf(row: { readonly id: string } | undefined): string {
  if (row === undefined) throw new Error('There is no row.');
  return row.id;
}
