import { createHash, timingSafeEqual } from 'node:crypto';
import { ApiError } from './api-error.js';

/** What a service token may do in a database, in PlanetScale's words. */
export const ACCESSES = [
  'read_branch',
  'create_branch',
  'delete_branch',
  'connect_branch',
  'connect_production_branch',
  'delete_branch_password',
  'delete_production_branch_password',
  'write_database',
  'read_deploy_request',
  'create_deploy_request',
  'approve_deploy_request',
] as const;
export type Access = (typeof ACCESSES)[number];

export interface Token {
  /** Throws 401 when the Authorization header is not the token's, `ID:TOKEN`. */
  check(header: string | undefined): void;
  /** Throws 403 without the access. */
  require(access: Access): void;
}

export function createToken(id: string, token: string, accesses: readonly Access[] = ACCESSES): Token {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  const wanted = digest(`${id}:${token}`);
  return {
    check(header = '') {
      if (timingSafeEqual(digest(header), wanted)) return;
      throw new ApiError(401, 'unauthorized', 'The service token is not valid');
    },
    require(access) {
      if (accesses.includes(access)) return;
      throw new ApiError(403, 'forbidden', `The service token needs the access ${access}`);
    },
  };
}
