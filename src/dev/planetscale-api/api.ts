import { type Logger, pino } from 'pino';
import { toMysqlError } from '../../db/mysql/errors.js';
import { HooklineError } from '../../errors.js';
import { listen } from '../../start/listen.js';
import type { PlanetscaleGateway } from '../planetscale-gateway/gateway.js';
import { type Branches, createBranches } from './branches.js';
import { createCheck } from './check.js';
import { createDatabases, type Databases } from './databases.js';
import { createDeployRequests } from './deploy-requests.js';
import { createDeploySteps } from './deploy-steps.js';
import { createDeployer } from './deployer.js';
import { createFaults, type Faults } from './faults.js';
import type { Role } from './logins.js';
import { createMutex } from './mutex.js';
import { stateDatabase } from './names.js';
import { openAlone } from './open-alone.js';
import { createPasswords } from './passwords.js';
import { removeBranch } from './remove-branch.js';
import { createServer } from './server.js';
import { type Access, createToken } from './token.js';

const BRANCH_MS = 1_000;
const STEP_MS = 500;
const REVERT_WINDOW_MS = 30 * 60_000;
const NAME = /^[a-z0-9][a-z0-9_-]*$/;

export interface PlanetscaleApiOptions {
  /** mysql://user:password@host:port/database of production, the branch `main`; the user may make databases and users. */
  readonly mysql: string;
  /** The names in the paths, and the service token. */
  readonly organization: string;
  readonly database: string;
  readonly tokenId: string;
  readonly token: string;
  /** 127.0.0.1 by default; the gateways of passwords listen there, too. */
  readonly host?: string;
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /** How long a branch takes to be ready (1 s), and a deployment stays in each state (0.5 s). */
  readonly delays?: { readonly branchMs?: number; readonly stepMs?: number };
  /** 30 minutes by default. */
  readonly revertWindowMs?: number;
  /** With more than one, 1 by default, nobody approves their own deploy request. */
  readonly administrators?: number;
  /** Whether a deploy request is deployed only when it is approved: a setting of the database, off by default. */
  readonly requireApproval?: boolean;
  /** What the token may do; everything by default. */
  readonly accesses?: readonly Access[];
  readonly log?: Logger;
}

export interface PlanetscaleApi {
  /** `http://host:port`, what Hookline takes for https://api.planetscale.com. */
  readonly url: string;
  readonly faults: Faults;
  /** A new password's gateway on a branch, without the API: `url` is for the driver, `faults` are those of its SQL. */
  gateway(branch: string, role?: Role): Promise<Pick<PlanetscaleGateway, 'url' | 'faults'>>;
  /** Reviews a deploy request as somebody else than the token. */
  reviewAs(
    actor: string,
    number: number,
    review: { readonly state: 'approved' | 'commented'; readonly body: string },
  ): Promise<void>;
  /**
   * Ends it. Branches and state are dropped, unless they are kept for a stand-in that goes on with them, its deployments, passwords and ports. Safe to call twice.
   */
  close(options?: { readonly keep?: boolean }): Promise<void>;
}

/**
 * Starts a stand-in of PlanetScale's API for one database on a MySQL or MariaDB. Branches are databases beside production, `<db>__ps_<branch>`; what the control
 * plane knows stands in `<db>__ps_state`. It is no PlanetScale: it knows one token, over plain HTTP, a revert brings the schema back and not the data of a dropped
 * column, and a change that the server cannot make online blocks its table.
 * Throws `invalid_config`, `database_unavailable` or `database_refused`, `address_in_use`.
 */
export async function startPlanetscaleApi(options: PlanetscaleApiOptions): Promise<PlanetscaleApi> {
  const { organization, database, tokenId, token, host = '127.0.0.1', port = 0, delays = {} } = options;
  const { administrators = 1, requireApproval = false, revertWindowMs = REVERT_WINDOW_MS } = options;
  const { branchMs = BRANCH_MS, stepMs = STEP_MS } = delays;
  const log = options.log ?? pino({ level: 'silent' });
  checkNames({ organization, database });
  const databases = createDatabases(options.mysql);
  const { unlock, state } = await openAlone(databases);
  const branches = createBranches({ databases, state, branchMs, log });
  const exclusive = createMutex();
  const passwords = createPasswords({ databases, state, branches, exclusive, host, log });
  const check = createCheck({ databases, state, branches, keyspace: database });
  const deleteBranch = (name: string): Promise<void> => removeBranch({ state, branches, passwords }, name);
  const steps = createDeploySteps({
    databases,
    state,
    branches,
    check,
    stepMs,
    revertWindowMs,
    deleteBranch: (name) => exclusive(() => deleteBranch(name)),
    log,
  });
  const deployer = createDeployer({ state, steps, log });
  const deployRequests = createDeployRequests({ state, branches, check, deployer, deleteBranch, requireApproval });
  const { faults, takeFor } = createFaults();
  const server = createServer({
    databases,
    state,
    branches,
    passwords,
    deployRequests,
    administrators,
    exclusive,
    token: createToken(tokenId, token, options.accesses),
    names: { organization, database, actor: tokenId },
    host,
    faults,
    takeFaultFor: takeFor,
    log,
  });

  let closing: Promise<void> | undefined;
  const close = ({ keep = false } = {}): Promise<void> => {
    closing ??= (async () => {
      await server.close();
      // What a client's request began before it was cut off.
      await exclusive(async () => undefined);
      await deployer.stop();
      await passwords.close();
      if (!keep) await dropAll(databases, branches);
      await state.end();
      await unlock();
      await databases.end();
    })();
    return closing;
  };

  try {
    await databases.dropScratch();
    await branches.restore();
    await passwords.restore();
    await deployer.restore();
    const url = await listen(server, { host, port });
    return {
      url: url.replace(/\/$/, ''),
      faults,
      async gateway(branch, role = 'admin') {
        const password = await passwords.create({ branch, name: 'of the stand-in', role, ttl: 0 });
        return passwords.gatewayOf(password);
      },
      reviewAs: async (actor, number, review) => {
        await deployRequests.review(number, { ...review, actor });
      },
      close,
    };
  } catch (error) {
    await close({ keep: true });
    throw error instanceof HooklineError ? error : toMysqlError(error);
  }
}

function checkNames(names: Readonly<Record<string, string>>): void {
  for (const [what, name] of Object.entries(names)) {
    if (NAME.test(name)) continue;
    throw new HooklineError('invalid_config', `The name of the ${what} cannot stand in a path of the API.`, {
      hint: 'It takes lower-case letters, digits, hyphens and underscores.',
    });
  }
}

async function dropAll(databases: Databases, branches: Branches): Promise<void> {
  await branches.dropAll();
  await databases.drop(stateDatabase(databases.production));
}
