import { HooklineError } from '../../errors.js';
import { diffSchemas } from '../../schema/diff/diff-schemas.js';
import { lintChanges } from '../../schema/lint/lint-changes.js';
import type { LintOptions } from '../../schema/lint/lint-options.js';
import { lintSchema } from '../../schema/lint/lint-schema.js';
import { lintStatements } from '../../schema/lint/lint-statements.js';
import { readVindexes } from '../../schema/lint/vindexes.js';
import type { LintFinding, Provider } from '../../schema/provider.js';
import { splitStatements } from '../../schema/table/split-statements.js';
import { readTextFile, UnreadableFile } from '../read-file.js';
import { counted, errorsFirst, errorsOf, findingsTable, LintError, merged } from './findings.js';
import { readSqlFile } from './read-sql-file.js';
import { type CommonOptions, type Out, withoutProvider, withProvider } from './run.js';

interface SchemaLintOptions extends CommonOptions {
  readonly branch?: string;
  readonly sharded?: boolean;
  readonly vschema?: string;
  readonly allowForeignKeys?: boolean;
}

/** `schema lint`: of a file, of a branch, or of both. A file alone needs no database. */
export async function lint(path: string | undefined, options: SchemaLintOptions): Promise<void> {
  const { branch } = options;
  if (branch === undefined) {
    await withoutProvider(options, async (out) => tell(await ofFile(path, await rulesOf(options)), out));
    return;
  }
  await withProvider(options, async (run) => {
    const rules = await rulesOf(options);
    const findings = [...(await ofFile(path, rules)), ...(await ofBranch(run.provider, branch, rules))];
    tell(findings, run);
  });
}

async function rulesOf({
  sharded = false,
  vschema,
  allowForeignKeys = false,
}: SchemaLintOptions): Promise<LintOptions> {
  const rules = { allowForeignKeys, dataLoss: true };
  if (vschema === undefined) return { ...rules, sharded };
  return { ...rules, sharded: true, vindexes: readVindexes(await readVschema(vschema)) };
}

async function readVschema(path: string): Promise<string> {
  return readTextFile(path, 1).catch((error: unknown) => {
    throw error instanceof UnreadableFile ? new HooklineError('invalid_config', `${path} ${error.message}.`) : error;
  });
}

async function ofFile(path: string | undefined, rules: LintOptions): Promise<LintFinding[]> {
  return path === undefined ? [] : lintStatements(splitStatements(await readSqlFile(path)), rules);
}

/** Of a development branch also what its deployment would take away. */
async function ofBranch(provider: Provider, branch: string, rules: LintOptions): Promise<LintFinding[]> {
  const schema = await provider.schemaOf(branch);
  const found = merged(lintSchema(schema, rules), await provider.lintOf(branch));
  if (branch === provider.production) return found;
  const changes = diffSchemas(await provider.schemaOf(provider.production), schema);
  return [...found, ...lintChanges(changes)];
}

function tell(found: readonly LintFinding[], { result, apart }: Out): void {
  const findings = errorsFirst(found);
  result(findings, findings.length === 0 ? 'No rule is broken.' : findingsTable(findings));
  if (errorsOf(findings).length === 0) return;
  apart();
  throw new LintError(
    `Rules are broken: ${counted(findings)}.`,
    'Mend what the table names; warnings alone would do.',
    findings,
  );
}
