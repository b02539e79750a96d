import { isReady } from './branches.js';
import type { BranchRow, PasswordRow } from './state-tables.js';

const REGION = { slug: 'local', display_name: 'Local', provider: 'local', location: 'Local', enabled: true };

/** What answers take from the settings of the stand-in. */
export interface Names {
  readonly organization: string;
  readonly database: string;
  /** Who the service token is. */
  readonly actor: string;
}

/** A page of PlanetScale's application; nothing is there. */
export function htmlUrl({ organization, database }: Names, path: string): string {
  return `https://app.planetscale.com/${organization}/${database}/${path}`;
}

export function actorOf(name: string): { id: string; type: string; display_name: string; avatar_url: string | null } {
  return { id: name, type: 'ServiceToken', display_name: name, avatar_url: null };
}

export function branchOf(row: BranchRow, names: Names) {
  const ready = isReady(row);
  return {
    id: row.id,
    type: 'Branch',
    name: row.name,
    parent_branch: row.parent_branch,
    production: row.production === 1,
    ready,
    schema_ready: ready,
    state: ready ? 'ready' : 'pending',
    safe_migrations: row.safe_migrations === 1,
    sharded: false,
    shard_count: 1,
    mysql_address: '127.0.0.1',
    html_url: htmlUrl(names, row.name),
    region: REGION,
    actor: actorOf(names.actor),
    created_at: row.created_at,
    updated_at: row.updated_at,
    deleted_at: null,
  };
}

/** `plain_text` is told once, by the answer to its making. */
export function passwordOf(row: PasswordRow, host: string, names: Names, { once }: { readonly once: boolean }) {
  return {
    id: row.id,
    type: 'BranchPassword',
    name: row.name,
    role: row.role,
    access_host_url: `${host.includes(':') ? `[${host}]` : host}:${row.port}`,
    username: row.username,
    plain_text: once ? row.plain_text : null,
    ttl_seconds: row.ttl_seconds,
    expires_at: row.expires_at,
    expired: false,
    renewable: row.ttl_seconds > 0,
    direct_vtgate: false,
    cidrs: null,
    actor: actorOf(names.actor),
    database_branch: { name: row.branch },
    created_at: row.created_at,
    deleted_at: null,
  };
}

/** A table of `GET …/schema`: `raw` is its SHOW CREATE TABLE, `html` the same to be shown. */
export function tableOf(statement: string) {
  const [, name = ''] = /^CREATE TABLE `((?:[^`]|``)+)`/.exec(statement) ?? [];
  const escaped = statement.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return { name: name.replaceAll('``', '`'), html: `<pre>${escaped}</pre>`, raw: statement, annotated: false };
}
