import { execFile } from 'node:child_process';
import { psqlProgram } from '../harness/services/postgres-programs.js';
import { findOrInstall } from '../harness/services/provision.js';

export interface PsqlSession {
  readonly url: string;
  /** The role that the session takes. */
  readonly role: 'anon' | 'authenticated' | 'service_role';
  /** The user of the session's claims. */
  readonly sub?: string;
}

// The ASCII separators stand in no value, so the output needs no CSV reader.
const FIELD = '\x1f';
const RECORD = '\x1e';

/**
 * Runs one statement in a psql session of its own, as a person would, after the session's role and claims are set. Gives its rows as
 * psql prints them (NULL is the empty string). Throws with psql's own message when the statement fails.
 */
export async function psql(statement: string, session: PsqlSession): Promise<Record<string, string>[]> {
  const claims = JSON.stringify({ ...(session.sub === undefined ? {} : { sub: session.sub }), role: session.role });
  const script = `SET ROLE ${session.role};\nSET request.jwt.claims = '${claims}';\n${statement}\n`;
  const program = await findOrInstall(psqlProgram);
  const options = ['--no-psqlrc', '--quiet', '--no-align', '--pset=footer=off', '--set=ON_ERROR_STOP=1'];
  const output = await run(
    program,
    [...options, `--field-separator=${FIELD}`, `--record-separator=${RECORD}`, session.url],
    script,
  );
  if (output === '') throw new Error('psql printed nothing, not even the names of the columns.');
  const [names = [], ...records] = output
    .replace(/\n$/, '')
    .split(RECORD)
    .map((record) => record.split(FIELD));
  return records.map((values) => Object.fromEntries(names.map((name, i) => [name, values[i] ?? ''])));
}

function run(program: string, args: readonly string[], input: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(program, args, (error, stdout, stderr) => {
      if (error) reject(new Error(`psql: ${stderr || error.message}`, { cause: error }));
      else resolve(stdout);
    });
    child.stdin?.end(input);
  });
}
