import { type Machine, thisMachine } from './machine.js';
import type { Programs, RunningService, Service } from './service.js';

/**
 * Gives a running service: the one that the environment names; else a throw-away one from programs on the machine, which are installed
 * first on Debian as root. Throws an error that says what to do when none of these can be; it never leaves a service out.
 */
export async function provision<Found>(
  service: Service<Found>,
  env: NodeJS.ProcessEnv = process.env,
  machine: Machine = thisMachine,
): Promise<RunningService> {
  const named = env[service.variable];
  if (named) {
    try {
      await service.check(named);
    } catch (error) {
      throw new Error(`${service.variable} names a server that tests cannot use: ${said(error)}`, { cause: error });
    }
    return { address: named, stop: async () => undefined };
  }
  return service.start(await findOrInstall(service.programs, machine, service.variable));
}

/** Provides several side by side, in their order. When one cannot be, the others are stopped again and its error is thrown. */
export async function provisionAll<const Services extends readonly Service[]>(
  services: Services,
  env: NodeJS.ProcessEnv = process.env,
  machine: Machine = thisMachine,
): Promise<{ [Index in keyof Services]: RunningService }> {
  const outcomes = await Promise.allSettled(services.map((service) => provision(service, env, machine)));
  const running = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed === undefined) return running as { [Index in keyof Services]: RunningService };
  await Promise.all(running.map((service) => service.stop()));
  throw failed.reason;
}

/**
 * Gives the programs that are on the machine, or that are there after installing them (Debian as root).
 * `variable` is the environment variable that makes them unnecessary, for the message. Throws an error that says what to do.
 */
export async function findOrInstall<Found>(
  programs: Programs<Found>,
  machine: Machine = thisMachine,
  variable?: string,
): Promise<Found> {
  const found = await programs.find();
  if (found !== undefined) return found;
  if (!machine.canInstall()) throw new Error(whatToDo(programs, variable));
  try {
    await machine.install(programs.debianPackages);
  } catch (error) {
    throw new Error(`${whatToDo(programs, variable)}\napt-get failed: ${said(error)}`, { cause: error });
  }
  const installed = await programs.find();
  if (installed === undefined)
    throw new Error(
      `${whatToDo(programs, variable)}\napt-get installed ${programs.debianPackages.join(' ')}, but it is still not found.`,
    );
  return installed;
}

function whatToDo(programs: Programs<unknown>, variable: string | undefined): string {
  const orName = variable === undefined ? '' : `, or set ${variable} to one that runs (see CONTRIBUTING.md)`;
  return `The tests need ${programs.name}, and it is not on this machine. ${programs.advice}${orName}.`;
}

function said(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
