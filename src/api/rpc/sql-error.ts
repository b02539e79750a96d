import { toHooklineError } from '../../db/sql-errors.js';
import { CATALOGUE } from '../../errors.js';
import { asTokenError, type Caller } from '../auth/caller.js';
import { RpcError } from './rpc-error.js';
import { toRpcError } from './to-rpc-error.js';

/** HTTP statuses of SQLSTATEs as PostgREST has them, the first match counts; any other state is 400, and so are our own (HK…). */
const STATUSES: readonly (readonly [states: RegExp, status: number])[] = [
  [/^(08|53(?!400))/, 503],
  [/^(0L|0P|28)/, 403],
  [/^(23503|23505)$/, 409],
  [/^25006$/, 405],
  [/^P0001$/, 400],
  [/^(09|25|2D|38|39|3B|40|53|54|55|57|58|F0|HV|P0|XX|42P17)/, 500],
  [/^(42883|42P01)$/, 404],
];

const READ_ONLY = '25006';

/**
 * The error of a call as the caller may see it. The words are passed on when they are our own functions', name a missing right or a
 * broken rule, or say what is wrong with an argument; any other message, and every detail, may hold SQL or rows.
 */
export function toCallError(error: unknown, caller: Caller): RpcError {
  const { code, message, hint, where } = partsOf(error);
  const told = asTokenError(caller, error);
  if (told !== error) return toRpcError(told, 0);
  const known = toHooklineError(error);
  // Not EPIPE, which no SQLSTATE looks like: none begins with E.
  if (!/^[0-9A-DF-Z][0-9A-Z]{4}$/.test(code)) {
    const away = known.code === 'database_unavailable';
    return new RpcError(known.status, away ? 'PGRST001' : known.code, CATALOGUE[known.code].title, { cause: error });
  }
  if (code === READ_ONLY && caller.kind === 'user' && caller.access === 'read') {
    const { status, title } = CATALOGUE.read_only_credential;
    return new RpcError(status, code, title, {
      details: 'read_only_credential',
      hint: 'Call with one of access write.',
    });
  }
  const status = statusOf(code, caller.kind === 'anon');
  const ofArgument = code.startsWith('22') && (where === '' || where.startsWith('JSON data'));
  if (!ofArgument && !/^(HK...|23...|42501|22001)$/.test(code)) {
    return new RpcError(status, code, 'The database could not carry out the call.', { cause: error });
  }
  return new RpcError(status, code, message, {
    details: code.startsWith('HK') ? known.code : null,
    hint,
    cause: error,
  });
}

function statusOf(code: string, isAnon: boolean): number {
  if (code === '42501') return isAnon ? 401 : 403;
  return STATUSES.find(([states]) => states.test(code))?.[1] ?? 400;
}

/** `where` names the functions that PostgreSQL was in; an argument is read before any of them, which leaves it empty or at the JSON. */
function partsOf(error: unknown): { code: string; message: string; hint: string | null; where: string } {
  if (!(error instanceof Error)) return { code: '', message: '', hint: null, where: '' };
  const { code, hint, where } = error as Error & Record<'code' | 'hint' | 'where', unknown>;
  return {
    code: typeof code === 'string' ? code : '',
    message: error.message,
    hint: typeof hint === 'string' ? hint : null,
    where: typeof where === 'string' ? where : '',
  };
}
