import { describe, expect, it } from 'vitest';
import type { Machine } from './services/machine.js';
import { postgres } from './services/postgres.js';
import { provision, provisionAll } from './services/provision.js';
import type { Service } from './services/service.js';

/** A service of a machine that has what `on` names, with a record of what was done. */
function serviceOn(on: { found?: string; installable?: boolean; installs?: boolean }) {
  const did: string[] = [];
  let found = on.found;
  const service: Service<string> = {
    programs: {
      name: 'Examplebase',
      debianPackages: ['examplebase-server'],
      advice: 'Install it with brew install examplebase',
      find: async () => found,
    },
    variable: 'HOOKLINE_TEST_EXAMPLE_URL',
    async check(address) {
      did.push(`check ${address}`);
      if (address.includes('broken')) throw new Error('connection refused');
    },
    async start(programs) {
      did.push(`start ${programs}`);
      return { address: 'example://started', stop: async () => void did.push('stop') };
    },
  };
  const machine: Machine = {
    canInstall: () => on.installable ?? false,
    async install(packages) {
      did.push(`install ${packages.join(' ')}`);
      if (on.installs === false) throw new Error('Unable to locate package');
      found = '/usr/lib/examplebase';
    },
  };
  return { did, service, machine, provision: (env: NodeJS.ProcessEnv = {}) => provision(service, env, machine) };
}

describe('provision', () => {
  it('uses the server that the environment names, even when programs are there', async () => {
    const { did, provision } = serviceOn({ found: '/usr/bin' });
    const running = await provision({ HOOKLINE_TEST_EXAMPLE_URL: 'example://mine' });
    expect(running.address).toBe('example://mine');
    expect(did).toEqual(['check example://mine']);
  });

  it('refuses a named server that cannot be used, rather than starting another', async () => {
    const { did, provision } = serviceOn({ found: '/usr/bin' });
    await expect(provision({ HOOKLINE_TEST_EXAMPLE_URL: 'example://broken' })).rejects.toThrow(
      'HOOKLINE_TEST_EXAMPLE_URL names a server that tests cannot use: connection refused',
    );
    expect(did).toEqual(['check example://broken']);
  });

  it('starts one from programs on the machine without installing anything', async () => {
    const { did, provision } = serviceOn({ found: '/usr/bin', installable: true });
    expect((await provision()).address).toBe('example://started');
    expect(did).toEqual(['start /usr/bin']);
  });

  it('installs the programs where it may, and starts from them', async () => {
    const { did, provision } = serviceOn({ installable: true });
    await provision();
    expect(did).toEqual(['install examplebase-server', 'start /usr/lib/examplebase']);
  });

  it('says what to do where it may not install', async () => {
    await expect(serviceOn({}).provision()).rejects.toThrow(
      'The tests need Examplebase, and it is not on this machine. Install it with brew install examplebase, ' +
        'or set HOOKLINE_TEST_EXAMPLE_URL to one that runs (see CONTRIBUTING.md).',
    );
  });

  it('says what to do, and what the package manager said, when installing fails', async () => {
    await expect(serviceOn({ installable: true, installs: false }).provision()).rejects.toThrow(
      /Install it with brew install examplebase[\s\S]*Unable to locate package/,
    );
  });
});

describe('provisionAll', () => {
  it('gives the services in their order', async () => {
    const { service, machine } = serviceOn({ found: '/usr/bin' });
    const other = { ...service, start: async () => ({ address: 'example://other', stop: async () => undefined }) };
    const running = await provisionAll([other, service], { NODE_ENV: 'test' }, machine);
    expect(running.map(({ address }) => address)).toEqual(['example://other', 'example://started']);
  });

  it('stops those that started when one cannot', async () => {
    const { did, service, machine } = serviceOn({ found: '/usr/bin' });
    const broken = { ...service, start: () => Promise.reject(new Error('no space left')) };
    const env = { NODE_ENV: 'test' as const };
    await expect(provisionAll([service, broken, service], env, machine)).rejects.toThrow('no space left');
    expect(did.filter((what) => what === 'stop')).toHaveLength(2);
  });
});

describe('the PostgreSQL service', () => {
  it('refuses an address where nothing answers', async () => {
    const env = { HOOKLINE_TEST_POSTGRES_URL: 'postgres://postgres@127.0.0.1:1/postgres' };
    await expect(provision(postgres, env)).rejects.toThrow(/HOOKLINE_TEST_POSTGRES_URL names a server.*ECONNREFUSED/);
  });
});
