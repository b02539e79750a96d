import type { Command } from 'commander';
import { environmentHelp, SCHEMA_VARIABLES } from '../environment-help.js';
import { addBranchCommands } from '../schema/branch-commands.js';
import { addDeployRequestCommands } from '../schema/deploy-request-commands.js';
import { addFileCommands } from '../schema/file-commands.js';

/** `hookline schema`: changes of the schema by branches and deploy requests. */
export function addSchemaCommand(program: Command): void {
  const schema = program
    .command('schema')
    .description(
      "Change the schema of AI data by branches and deploy requests, tested with stored webhooks: PlanetScale's, or those of a plain MySQL or MariaDB.",
    )
    .addHelpText(
      'after',
      environmentHelp(SCHEMA_VARIABLES, [
        'hookline schema branch create ai-content-v2',
        'hookline schema apply ai-content-v2.sql --branch ai-content-v2',
        'hookline schema replay --branch ai-content-v2 --last 500',
        'hookline schema deploy-request create --branch ai-content-v2',
        'hookline schema deploy-request deploy 1 --wait',
      ]),
    );
  addBranchCommands(schema);
  addFileCommands(schema);
  addDeployRequestCommands(schema);
}
