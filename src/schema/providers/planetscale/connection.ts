import { planetscaleStore } from '@hookline/receiver';
import type { BranchConnection, Provider } from '../../provider.js';
import { branchProtected, getBranch } from './branch-routes.js';
import { makePassword, type PasswordOptions } from './passwords.js';

/** Connections to branches, each with a password of its own, and how all of them are ended. */
export interface Connections {
  readonly connect: Provider['connect'];
  closeAll(): Promise<void>;
}

export function createConnections(options: PasswordOptions): Connections {
  const open = new Set<BranchConnection>();
  return {
    async connect(branch, role) {
      const { name, production } = await getBranch(options.api, branch);
      if (production && role !== 'reader') throw branchProtected(name, 'Hookline connects to it for reading alone');
      const { login, sql, remove } = await makePassword(options, name, role);
      let closing: Promise<void> | undefined;
      const connection: BranchConnection = {
        sql,
        store: planetscaleStore({ ...login, fetch: options.fetch }),
        close() {
          open.delete(connection);
          closing ??= remove();
          return closing;
        },
      };
      open.add(connection);
      return connection;
    },
    async closeAll() {
      await Promise.all([...open].map((connection) => connection.close()));
    },
  };
}
