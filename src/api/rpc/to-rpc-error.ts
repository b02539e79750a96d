import { CATALOGUE, type ErrorCode } from '../../errors.js';
import { toRequestError } from '../request-errors.js';
import { RpcError } from './rpc-error.js';

/** Our codes for which PostgREST has one of its own. */
const AS_POSTGREST: Partial<Record<ErrorCode, string>> = {
  invalid_request: 'PGRST100',
  invalid_json: 'PGRST102',
  unsupported_media_type: 'PGRST107',
  database_unavailable: 'PGRST001',
  token_keys_not_set: 'PGRST300',
  unauthorized: 'PGRST301',
  malformed_token: 'PGRST301',
  invalid_token: 'PGRST301',
  unknown_token: 'PGRST301',
  token_revoked: 'PGRST303',
  token_expired: 'PGRST303',
  token_not_active: 'PGRST303',
  invalid_token_audience: 'PGRST303',
  invalid_token_issuer: 'PGRST303',
  invalid_token_role: 'PGRST303',
  invalid_token_subject: 'PGRST303',
  token_user_unknown: 'PGRST303',
};

/**
 * Whatever a request threw, in PostgREST's form; our own code stands in `details` where `code` is PostgREST's or a SQLSTATE.
 * `maxBodyBytes` is the limit that a body went over.
 */
export function toRpcError(error: unknown, maxBodyBytes: number): RpcError {
  if (error instanceof RpcError) return error;
  const { code, status, message, hint } = toRequestError(error, maxBodyBytes);
  const entry = CATALOGUE[code];
  // A state that PostgREST does not know is 400 there, whatever raised it.
  const [answered, as] = 'sqlstate' in entry ? [400, entry.sqlstate] : [status, AS_POSTGREST[code] ?? code];
  return new RpcError(answered, as, code === 'internal_error' ? entry.title : message, {
    details: as === code ? null : code,
    hint: hint ?? null,
    cause: error,
  });
}
