import { diffSchemas } from '../../schema/diff/diff-schemas.js';
import { schemaOf } from '../../schema/table/read-schema.js';
import type { SchemaChange } from '../../schema/table/schema.js';
import { schemaHash } from '../../schema/table/schema-hash.js';
import type { Branches } from './branches.js';
import type { CreateStatements, Databases } from './databases.js';
import { lintErrorsOf } from './lint.js';
import { isInstant, mergeSchemas } from './merge.js';
import { newId } from './names.js';
import type { State } from './state.js';
import type { DeployRequestRow } from './state-tables.js';

export interface CheckOptions {
  readonly databases: Databases;
  readonly state: State;
  readonly branches: Branches;
  readonly keyspace: string;
}

export interface Check {
  /** What a check made now would see; it changes when the schema of a branch does. */
  hashOf(request: DeployRequestRow): Promise<string>;
  /** Finds out whether a request can be deployed; writes what it found, but the state, and the operations. Gives the state. */
  run(request: DeployRequestRow): Promise<'ready' | 'no_changes' | 'error'>;
}

interface Schemas {
  readonly base: CreateStatements;
  readonly branch: CreateStatements;
  readonly into: CreateStatements;
}

export function createCheck({ databases, state, branches, keyspace }: CheckOptions): Check {
  async function read(request: DeployRequestRow): Promise<Schemas> {
    const [branch, into] = await Promise.all([branches.get(request.branch), branches.get(request.into_branch)]);
    return {
      base: JSON.parse(branch.base),
      branch: await databases.createStatements(branch.database_name),
      into: await databases.createStatements(into.database_name),
    };
  }

  const hash = ({ branch, into }: Schemas): string =>
    [branch, into].map((statements) => schemaHash(schemaOf(statements))).join(':');

  async function writeOperations({ number }: DeployRequestRow, changes: readonly SchemaChange[]): Promise<void> {
    const now = new Date().toISOString();
    await state.remove('operations', { deploy_request: number });
    for (const { table, operation, statement, canDropData } of changes) {
      await state.insert('operations', {
        id: newId(),
        deploy_request: number,
        table_name: table,
        operation_name: operation,
        ddl_statement: statement,
        can_drop_data: canDropData ? 1 : 0,
        state: 'pending',
        progress_percentage: 0,
        created_at: now,
        updated_at: now,
      });
    }
  }

  return {
    hashOf: async (request) => hash(await read(request)),
    async run(request) {
      const schemas = await read(request);
      const merge = await mergeSchemas(databases, schemas);
      const target = 'target' in merge ? merge.target : schemas.into;
      const changes = diffSchemas(schemaOf(schemas.into), schemaOf(target));
      const lintErrors = lintErrorsOf(schemaOf(schemas.branch), keyspace);
      const conflict = 'conflict' in merge ? merge.conflict : null;
      await writeOperations(request, changes);
      await state.update(
        'deploy_requests',
        { number: request.number },
        {
          lint_errors: JSON.stringify(lintErrors),
          deploy_check_errors: conflict,
          checked_hash: hash(schemas),
          before_schema: JSON.stringify(schemas.into),
          target_schema: JSON.stringify(target),
          branch_schema: JSON.stringify(schemas.branch),
          instant_ddl_eligible: (await isInstant(databases, schemas.into, changes)) ? 1 : 0,
          schema_last_updated_at: new Date().toISOString(),
        },
      );
      if (conflict !== null || lintErrors.length > 0) return 'error';
      return changes.length === 0 ? 'no_changes' : 'ready';
    },
  };
}
