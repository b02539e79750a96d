import { once } from 'node:events';
import type { AddressInfo, Server as NetServer } from 'node:net';
import mysql from 'mysql2';

/** What becomes of a statement: an error, no answer and no run (hold), or the connection breaks before or after the server ran it. */
export type Verdict =
  | 'pass'
  | 'hold'
  | 'break-before'
  | 'break-after'
  | { readonly code: number; readonly message: string };

export interface MysqlProxy {
  /** The target's URL with the proxy in the place of host and port. */
  readonly url: string;
  /** Every statement that came, in order. */
  readonly heard: readonly string[];
  close(): Promise<void>;
}

/** What Vitess answers to any DDL when direct DDL is off, as it is on a PlanetScale branch with safe migrations. */
export const DIRECT_DDL_DISABLED = { code: 1105, message: 'direct DDL is disabled' } as const;
export const isDdl = (sql: string): boolean => /^\s*(CREATE|ALTER|DROP|TRUNCATE|RENAME)\b/i.test(sql);

/** Speaks MySQL's protocol on a free port of 127.0.0.1 and passes statements on to the server of `target`, as `judge` says. */
export async function startMysqlProxy(target: string, judge: (sql: string) => Verdict): Promise<MysqlProxy> {
  const heard: string[] = [];
  const open = new Set<mysql.Connection>();
  let connections = 0;

  const server = mysql.createServer((client) => {
    const upstream = mysql.createConnection({ uri: target, dateStrings: true });
    // Cut while it waits for its first answer, it tells of that here and nowhere else.
    upstream.on('error', () => undefined);
    open.add(upstream);
    connections += 1;
    client.serverHandshake({
      protocolVersion: 10,
      serverVersion: '8.0.34-Vitess',
      connectionId: connections,
      statusFlags: 2,
      characterSet: 45,
      // Without TLS (0x800) and compression (0x20).
      capabilityFlags: 0xffffff & ~0x820,
      authCallback({ database }: { readonly database?: string }, done: (error: null) => void) {
        done(null);
        // The server does not always have the database of the target's URL in its place.
        if (database) upstream.query('USE ??', [database]);
        // mysql2's server side does not: packets count from 0 again with each command.
        client.sequenceId = 0;
      },
    });
    const leave = (): void => {
      upstream.destroy();
      open.delete(upstream);
    };
    const cut = (): void => {
      client.destroy();
      leave();
    };
    client.on('error', leave);
    client.on('end', leave);
    const answer = (sql: string): void => {
      heard.push(sql);
      const verdict = judge(sql);
      if (verdict === 'hold') return;
      if (verdict === 'break-before') {
        cut();
        return;
      }
      if (typeof verdict === 'object') {
        client.writeError(verdict);
        client.sequenceId = 0;
        return;
      }
      upstream.query(sql, (error: mysql.QueryError | null, rows: unknown, fields?: mysql.FieldPacket[]) => {
        if (verdict === 'break-after') return cut();
        if (error) client.writeError({ code: error.errno ?? 1105, message: error.message });
        else if (Array.isArray(rows)) client.writeTextResult(rows, fields);
        else client.writeOk({ affectedRows: (rows as mysql.ResultSetHeader).affectedRows });
        client.sequenceId = 0;
      });
    };
    client.on('query', answer);
    // Where a text begins with SET, mysql2's server side tells of it under this name.
    client.on('stmt_prepare', answer);
  });
  server.listen(0);
  const listening = (server as unknown as { _server: NetServer })._server;
  await once(listening, 'listening');
  const url = new URL(target);
  url.host = `127.0.0.1:${(listening.address() as AddressInfo).port}`;
  return {
    url: url.href,
    heard,
    async close() {
      for (const upstream of open) upstream.destroy();
      const closed = once(listening, 'close');
      listening.close();
      await closed;
    },
  };
}
