import { HooklineError } from '../../errors.js';
import { diffSchemas } from '../../schema/diff/diff-schemas.js';
import { without } from '../../schema/lint/findings.js';
import type { LintOptions } from '../../schema/lint/lint-options.js';
import { lintSchema } from '../../schema/lint/lint-schema.js';
import { lintStatements } from '../../schema/lint/lint-statements.js';
import type { LintFinding } from '../../schema/provider.js';
import type { FileStatement, SchemaChange } from '../../schema/table/schema.js';
import { splitStatements } from '../../schema/table/split-statements.js';
import { printable } from '../printable.js';
import { statementsOf } from './changes.js';
import { counted, errorsFirst, errorsOf, findingsTable, LintError } from './findings.js';
import { readSqlFile } from './read-sql-file.js';
import { type CommonOptions, type Out, withProvider } from './run.js';

interface ApplyOptions extends CommonOptions {
  readonly branch: string;
  readonly dryRun?: boolean;
  readonly allowForeignKeys?: boolean;
}

/** `schema apply`: a file's statements, on a development branch; looked at before, and what came of it after. */
export async function applyFile(path: string, options: ApplyOptions): Promise<void> {
  const { branch, dryRun = false, allowForeignKeys = false } = options;
  const rules: LintOptions = { allowForeignKeys, sharded: false, dataLoss: true };
  await withProvider(
    options,
    async ({ provider, result, note }) => {
      if (branch === provider.production) throw new HooklineError('branch_protected', undefined, { hint: PROTECTED });
      const statements = splitStatements(await readSqlFile(path));
      const findings = lintStatements(statements, rules);
      refuseErrors(path, findings, note);
      const before = await provider.schemaOf(branch);
      if (dryRun) {
        const value = { branch, dryRun, statements, changes: [], findings };
        result(
          value,
          [`Nothing was run. On ${branch} this would run:`, '', ...statements.map(statementText)].join('\n'),
        );
        return;
      }
      await provider.apply(branch, statements, ({ line, text }) => note(`applied line ${line}: ${firstLine(text)}`));
      const after = await provider.schemaOf(branch);
      const changes = diffSchemas(before, after);
      const broken = without(lintSchema(after, rules), lintSchema(before, rules));
      result({ branch, dryRun, statements, changes, findings: [...findings, ...broken] }, outcome(branch, changes));
      if (broken.length > 0) note(`\n${findingsTable(errorsFirst(broken))}`);
      if (errorsOf(broken).length > 0) {
        throw new LintError(
          `The file was applied, and ${branch} now breaks rules that it did not: ${counted(broken)}.`,
          'Mend the branch with another file before its deploy request, which would be refused.',
          broken,
        );
      }
    },
    { signal: 'finish' },
  );
}

const PROTECTED = 'Make a branch (`hookline schema branch create <name>`), and apply the file to it.';

/** Warnings are told, errors end it before anything is run. */
function refuseErrors(path: string, findings: readonly LintFinding[], note: Out['note']): void {
  if (findings.length > 0) note(`${findingsTable(errorsFirst(findings))}\n`);
  if (errorsOf(findings).length === 0) return;
  throw new LintError(
    `${path} has ${counted(findings)}; nothing was applied.`,
    'Mend what the table of findings names.',
    errorsFirst(findings),
  );
}

function outcome(branch: string, changes: readonly SchemaChange[]): string {
  if (changes.length === 0) return `The schema of ${branch} is what it was.`;
  return `The schema of ${branch} has changed by:\n\n${statementsOf(changes)}`;
}

function statementText({ text }: FileStatement): string {
  return printable(`${text};`);
}

function firstLine(text: string): string {
  const [first = '', ...rest] = text.split('\n');
  return printable(rest.length > 0 || first.length > 100 ? `${first.slice(0, 100)} …` : first);
}
