import { styleText } from 'node:util';
import { type Config, loadConfig } from '../../config.js';
import { type Finding, finding } from '../../doctor/catalogue.js';
import { type ExamineOptions, examine } from '../../doctor/examine.js';
import { HooklineError } from '../../errors.js';
import { VERSION } from '../../observe/version.js';
import { type Paint, textOf } from './text.js';

export interface DoctorOptions {
  readonly json?: boolean;
  /** Warnings count as failures. */
  readonly strict?: boolean;
}

/** Where doctor prints. */
export type Output = Pick<NodeJS.WriteStream, 'write' | 'isTTY' | 'columns'>;

const plain: Paint = (_colour, text) => text;
const coloured: Paint = (colour, text) => styleText(colour, text, { validateStream: false });

/**
 * Looks at the deployment that the environment names, prints what was found, and gives the exit code: 0 without failures (`strict`: and without warnings),
 * else 1.
 */
export async function runDoctor(
  env: Readonly<Record<string, string | undefined>>,
  { json = false, strict = false }: DoctorOptions,
  out: Output,
  examining: ExamineOptions = {},
): Promise<number> {
  const findings = await findingsOf(env, examining);
  const count = (severity: Finding['severity']): number => findings.filter((one) => one.severity === severity).length;
  const [failures, warnings] = [count('failure'), count('warning')];
  if (json) {
    const status = failures > 0 ? 'failure' : warnings > 0 ? 'warning' : 'ok';
    out.write(`${JSON.stringify({ status, failures, warnings, version: VERSION, findings })}\n`);
  } else {
    const isColoured = out.isTTY && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb';
    out.write(`${textOf(findings, isColoured ? coloured : plain, out.isTTY ? out.columns : undefined)}\n`);
  }
  return failures > 0 || (strict && warnings > 0) ? 1 : 0;
}

async function findingsOf(
  env: Readonly<Record<string, string | undefined>>,
  examining: ExamineOptions,
): Promise<readonly Finding[]> {
  let config: Config;
  try {
    config = loadConfig(env);
  } catch (error) {
    if (!(error instanceof HooklineError)) throw error;
    return [finding('settings', 'settings.invalid', error.message, error.hint ?? 'Correct it in the environment.')];
  }
  return examine(config, examining);
}
