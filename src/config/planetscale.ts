import { HooklineError } from '../errors.js';
import type { Settings } from './environment.js';

/** Where PlanetScale takes queries, and the login for it. */
export interface PlanetscaleLogin {
  readonly host: string;
  readonly username: string;
  readonly password: string;
}

/** A database of PlanetScale's, and the service token that its API is called with. */
export interface PlanetscaleDatabase {
  readonly organization: string;
  readonly database: string;
  readonly tokenId: string;
  readonly token: string;
}

/** The three variables together, or none of them. Throws `invalid_config` for some of them, and beside another store. */
export function planetscaleOf(parsed: Settings): PlanetscaleLogin | undefined {
  const { PLANETSCALE_HOST: host, PLANETSCALE_USERNAME: username, PLANETSCALE_PASSWORD: password } = parsed;
  if (host === undefined && username === undefined && password === undefined) return undefined;
  if (host === undefined || username === undefined || password === undefined) {
    throw new HooklineError('invalid_config', 'Of the PLANETSCALE_ variables some are set and some are not.', {
      hint: 'Set PLANETSCALE_HOST, PLANETSCALE_USERNAME and PLANETSCALE_PASSWORD, or none of them.',
    });
  }
  if (parsed.HOOKLINE_RECEIVER_URL !== undefined) {
    throw new HooklineError('invalid_config', 'HOOKLINE_RECEIVER_URL and the PLANETSCALE_ variables name two stores.', {
      hint: 'Set one or the other.',
    });
  }
  return Object.freeze({ host, username, password });
}

/** The four variables together, or none of them. Throws `invalid_config` for some of them. */
export function planetscaleDatabaseOf(parsed: Settings): PlanetscaleDatabase | undefined {
  const given = {
    organization: parsed.PLANETSCALE_ORG,
    database: parsed.PLANETSCALE_DATABASE,
    tokenId: parsed.PLANETSCALE_SERVICE_TOKEN_ID,
    token: parsed.PLANETSCALE_SERVICE_TOKEN,
  };
  if (Object.values(given).every((value) => value === undefined)) return undefined;
  const { organization, database, tokenId, token } = given;
  if (organization === undefined || database === undefined || tokenId === undefined || token === undefined) {
    throw new HooklineError(
      'invalid_config',
      "Of the variables for PlanetScale's branches some are set and some are not.",
      {
        hint: 'Set PLANETSCALE_ORG, PLANETSCALE_DATABASE, PLANETSCALE_SERVICE_TOKEN_ID and PLANETSCALE_SERVICE_TOKEN, or none of them.',
      },
    );
  }
  return Object.freeze({ organization, database, tokenId, token });
}
