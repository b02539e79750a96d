import type { Agent } from 'undici';
import { describe, expect, it } from 'vitest';
import { AddressForbiddenError } from '../../src/egress/address-guard.js';
import { createGuardedAgent } from '../../src/egress/guarded-agent.js';
import { createGuardedLookup } from '../../src/egress/guarded-lookup.js';
import { PortForbiddenError } from '../../src/egress/port-guard.js';

const FOUND = { address: '1.2.3.4', family: 4 };

describe('what is looked up, and where a call goes', () => {
  const lookUp = (host: string, mayReach: boolean, failed: NodeJS.ErrnoException | null = null) =>
    new Promise<unknown[]>((resolve) => {
      const system = createGuardedLookup(
        () => mayReach,
        (_, { all }, callback) => callback(failed, all ? [FOUND] : []),
      );
      system(host, {}, (error, addresses) => resolve([error, addresses]));
    });

  it('gives all addresses of a name, an address as itself, and with an error none', async () => {
    expect(await lookUp('a.test', true)).toEqual([null, [FOUND]]);
    expect(await lookUp('8.8.8.8', true)).toEqual([null, [{ address: '8.8.8.8', family: 4 }]]);
    const failed = new Error('not found');
    expect(await lookUp('a.test', true, failed)).toEqual([failed, []]);
    const forbidden = await lookUp('a.test', false);
    expect(forbidden).toEqual([expect.any(AddressForbiddenError), []]);
    expect(forbidden[0]).toMatchObject({
      name: 'AddressForbiddenError',
      message: expect.stringMatching(/^a\.test .*not allowed/),
    });
    expect(new PortForbiddenError(25)).toMatchObject({
      name: 'PortForbiddenError',
      message: expect.stringContaining('25'),
    });
  });

  it('goes to 80 by http and to 443 by https where no port is named', async () => {
    const call = async (agent: Agent, origin: string): Promise<unknown> => {
      const error = await agent.request({ origin, path: '/', method: 'POST' }).catch((reason: unknown) => reason);
      await agent.destroy();
      return error instanceof Error && 'code' in error ? error.code : error;
    };
    for (const [scheme, port] of [
      ['http', 80],
      ['https', 443],
    ] as const) {
      const only = (allowed: number) => createGuardedAgent({ allowNetworks: [], allowPorts: [[allowed, allowed]] });
      expect(await call(only(port), `${scheme}://127.0.0.1`)).toBe('address_forbidden');
      expect(await call(only(port + 1), `${scheme}://127.0.0.1`)).toBe('port_forbidden');
    }
  });
});
