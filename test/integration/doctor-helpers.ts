import { randomBytes } from 'node:crypto';
import { type Output, runDoctor } from '../../src/cli/doctor/run.js';
import type { Database } from '../../src/db/database.js';
import type { Finding } from '../../src/doctor/catalogue.js';
import type { ExamineOptions } from '../../src/doctor/examine.js';

/** Every key set, so that what is found is of the database alone. */
export const KEYS = {
  HOOKLINE_SERVICE_KEY: 'service-key-of-doctor-tests',
  HOOKLINE_JWT_SECRET: 'jwt-secret-of-doctor-tests-0123456789',
  MODELRIVER_WEBHOOK_SECRET: 'webhook-secret-of-doctor-tests',
  MODELRIVER_API_KEY: 'api-key-of-doctor-tests',
};
const PASSWORD = 'password-of-doctor-tests';

export interface Examined {
  readonly code: number;
  readonly findings: readonly Finding[];
  /** What was printed. */
  readonly output: string;
  /** Codes that are neither ok nor skipped, sorted. */
  readonly trouble: readonly string[];
  /** The findings with this code. Throws when there is none. */
  of(code: string): Finding;
}

/** Runs the command in this process, with `--json`, and checks that no credential was printed. */
export async function doctor(
  env: Readonly<Record<string, string>>,
  options: { readonly strict?: boolean } = {},
  examining: ExamineOptions = {},
): Promise<Examined> {
  const { out, text } = captured();
  const code = await runDoctor({ ...KEYS, ...env }, { json: true, ...options }, out, examining);
  const { findings }: { findings: Finding[] } = JSON.parse(text());
  refuseCredentials(text(), { ...KEYS, ...env });
  return {
    code,
    findings,
    output: text(),
    trouble: findings
      .filter(({ severity }) => severity === 'warning' || severity === 'failure')
      .map((finding) => finding.code)
      .sort(),
    of(wanted) {
      const found = findings.find((finding) => finding.code === wanted);
      if (found === undefined) throw new Error(`no ${wanted} in ${JSON.stringify(findings, null, 1)}`);
      return found;
    },
  };
}

/** Where a command may print to, and what it has. */
export function captured(terminal: Partial<Pick<Output, 'isTTY' | 'columns'>> = {}): { out: Output; text(): string } {
  let text = '';
  const write = (chunk: string | Uint8Array): boolean => {
    text += chunk.toString();
    return true;
  };
  return { out: { isTTY: false, columns: 80, ...terminal, write }, text: () => text };
}

/** Throws when a password of a URL, or a key, stands in the text. */
export function refuseCredentials(text: string, env: Readonly<Record<string, string>>): void {
  const passwords = Object.values(env).map((value) => (URL.canParse(value) ? new URL(value).password : ''));
  const keys = Object.values(KEYS);
  const printed = [...passwords, ...keys].filter((secret) => secret !== '' && text.includes(secret));
  if (printed.length > 0) throw new Error(`a credential was printed: ${text}`);
}

export interface Login {
  readonly name: string;
  readonly url: string;
  drop(): Promise<void>;
}

/** A login with the attributes, and the password of tests, for the database of `url`. Roles are the cluster's, so it gets a name of its own. */
export async function makeLogin(owner: Database, databaseUrl: string, attributes = 'NOINHERIT'): Promise<Login> {
  const name = `hookline_test_doctor_${randomBytes(4).toString('hex')}`;
  await owner.query(`CREATE ROLE ${name} LOGIN ${attributes} PASSWORD '${PASSWORD}'`);
  const url = new URL(databaseUrl);
  Object.assign(url, { username: name, password: PASSWORD });
  return {
    name,
    url: url.href,
    drop: async () => void (await owner.query(`DROP OWNED BY ${name}; DROP ROLE ${name}`)),
  };
}

/** A login as hookline_login is. */
export async function makeServingLogin(owner: Database, databaseUrl: string): Promise<Login> {
  const login = await makeLogin(owner, databaseUrl);
  await owner.query(`GRANT anon, authenticated, service_role TO ${login.name}`);
  return login;
}

/** A worker that beats, without one that works. */
export async function addWorkerRow(owner: Database, name = 'host:1', beatAgo = '0 s'): Promise<void> {
  await owner.query(
    'INSERT INTO hookline.workers (id, name, heartbeat_at) VALUES (gen_random_uuid(), $1, now() - $2::interval)',
    [name, beatAgo],
  );
}
