import type { Command } from 'commander';
import {
  API_VARIABLES,
  DATABASE_VARIABLES,
  EGRESS_VARIABLES,
  EMBEDDED_VARIABLES,
  environmentHelp,
  RECEIVER_VARIABLES,
  SECRET_VARIABLES,
} from '../environment-help.js';
import { exitWith } from '../exit.js';

const VARIABLES = [
  ...DATABASE_VARIABLES,
  'REDIS_URL',
  ...EMBEDDED_VARIABLES,
  ...API_VARIABLES,
  ...EGRESS_VARIABLES,
  ...RECEIVER_VARIABLES,
  ...SECRET_VARIABLES,
] as const;

/** `hookline doctor`: looks at a deployment, and says what to mend. */
export function addDoctorCommand(program: Command): void {
  program
    .command('doctor')
    .description(
      'Look at a deployment with the settings of its processes, and say what to mend. Changes nothing. Ends with 1 when something fails.',
    )
    .option('--json', 'print what was found as one JSON document')
    .option('--strict', 'end with 1 for warnings, too')
    .addHelpText(
      'after',
      environmentHelp(VARIABLES, [
        'hookline doctor',
        'DATABASE_URL=postgres://hookline_login@localhost/app hookline doctor --strict',
        'hookline doctor --json | jq -r \'.findings[] | select(.severity == "failure") | .mend\'',
      ]),
    )
    .action(async (options: { json?: boolean; strict?: boolean }) => {
      const { runDoctor } = await import('../doctor/run.js');
      const code = await runDoctor(process.env, options, process.stdout);
      if (code !== 0) await exitWith(code);
    });
}
