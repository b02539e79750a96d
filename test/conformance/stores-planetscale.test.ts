import { planetscaleStore } from '@hookline/receiver';
import { Client } from '@planetscale/database';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeStore, newContent } from '../../packages/receiver/test/store-conformance.js';
import { type PlanetscaleGateway, startPlanetscaleGateway } from '../../src/dev/planetscale-gateway/gateway.js';
import { type MariadbDatabase, newMariadbDatabase } from '../harness/mariadb-databases.js';
import { mysqlTable } from './stores-mysql-table.js';

/** The driver as it is, over PlanetScale's protocol, in front of MariaDB. */
describe('planetscaleStore', () => {
  let database: MariadbDatabase;
  let gateway: PlanetscaleGateway;
  beforeAll(async () => {
    database = await newMariadbDatabase();
    gateway = await startPlanetscaleGateway({ mysql: database.url, user: 'user', password: 'pscale_pw_1' });
  });
  afterAll(async () => {
    await gateway.close();
    await database.drop();
  });

  describeStore({
    ...mysqlTable(() => database.pool),
    store: () => planetscaleStore({ url: gateway.url }),
    forgetful: () => planetscaleStore({ url: gateway.url, keepPayload: false }),
  });

  it('takes over the settings of a client, but not how it formats and casts', async () => {
    const sent: string[] = [];
    const client = new Client({
      url: gateway.url,
      fetch: (input, init) => {
        sent.push(input);
        return fetch(input, init);
      },
      cast: () => 'cast',
      format: () => 'SELECT 1',
    });
    const content = newContent();
    const store = planetscaleStore({ client });
    const { id, savedAt } = await store.insert(content);
    expect(await store.insert(content)).toEqual({ id, savedAt, created: false, differs: false });
    expect(sent).toHaveLength(3);
    expect(client.config.fetch).toBeDefined();
  });

  it('takes no answer to an insert for success that says neither of a new row nor of a repeat', async () => {
    for (const result of ['{}', '{"rowsAffected":"1"}', '{"rowsAffected":"3","insertId":"1"}', '{"insertId":"1"}']) {
      const store = planetscaleStore({
        url: gateway.url,
        fetch: async (input, init) => {
          const answer = await fetch(input, init);
          const { session } = (await answer.json()) as { session: object };
          return new Response(`{"session":${JSON.stringify(session)},"result":${result}}`);
        },
      });
      await expect(store.insert(newContent())).rejects.toThrow('without saying what it did');
    }
  });

  it('refuses settings that cannot work at once', () => {
    for (const url of ['', 'nonsense', 'mysql://host', 'mysql://user@host']) {
      expect(() => planetscaleStore({ url })).toThrow('url must look like mysql://user:password@host.');
    }
    expect(() => planetscaleStore({ host: 'h', username: 'u', password: '' })).toThrow(
      'host, username and password must not be empty.',
    );
  });

  it('says of a refused password no more than its code', async () => {
    const url = gateway.url.replace('pscale_pw_1', 'pscale_pw_2');
    const error = await planetscaleStore({ url })
      .insert(newContent())
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'StatementError', code: expect.stringMatching(/^\w+$/) });
    expect(String(error)).not.toContain('pscale_pw');
  });

  it('says of a refused statement its number, and nothing of its SQL and values', async () => {
    const columns = { no_such_column: 'a value' };
    const error = await planetscaleStore({ url: gateway.url })
      .insert(newContent({ columns }))
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'errno_1054', errno: 1054, sqlState: '42S22' });
    expect(JSON.stringify([String(error), { ...(error as object) }])).not.toMatch(/no_such_column|a value|INSERT/i);
    expect((error as Error).cause).toBeUndefined();
  });
});
