import { errors } from 'undici';
import { ProxyError } from '../../egress/proxy/proxy-error.js';
import type { FailureCode } from '../stages.js';

/** Thrown for an endpoint that goes on sending interim (1xx) answers. */
export class TooManyInterimAnswersError extends Error {
  readonly code = 'too_many_interim_answers';
}

const BY_CODE: Readonly<Record<string, readonly [FailureCode, string]>> = {
  ECONNREFUSED: ['connection_refused', 'The endpoint refused the connection.'],
  ECONNRESET: ['connection_reset', 'The connection was closed before the whole answer came.'],
  EPIPE: ['connection_reset', 'The connection was closed before the whole answer came.'],
  UND_ERR_SOCKET: ['connection_reset', 'The connection was closed before the whole answer came.'],
  ENOTFOUND: ['dns_error', 'The host name has no address.'],
  EAI_AGAIN: ['dns_error', 'The host name could not be looked up.'],
  address_forbidden: [
    'address_forbidden',
    'The host is, or resolves to, a private or special address, which the operator has not allowed (HOOKLINE_ALLOW_NETWORKS).',
  ],
  port_forbidden: [
    'port_forbidden',
    'The port of the URL is one that the operator has not allowed (HOOKLINE_ALLOW_PORTS).',
  ],
  EHOSTUNREACH: ['unreachable', 'The host cannot be reached.'],
  ENETUNREACH: ['unreachable', 'The network cannot be reached.'],
  EADDRNOTAVAIL: ['unreachable', 'The address cannot be reached.'],
  ETIMEDOUT: ['timeout', 'The connection timed out.'],
  UND_ERR_CONNECT_TIMEOUT: ['timeout', 'The connection timed out.'],
  UND_ERR_HEADERS_OVERFLOW: ['headers_too_large', 'The headers of the answer are larger than 16 KiB.'],
  HPE_HEADER_OVERFLOW: ['headers_too_large', 'The headers of the answer are larger than 16 KiB.'],
  too_many_interim_answers: ['protocol_error', 'The endpoint sent one interim (1xx) answer after another.'],
  // undici's parser asserts of an answer what HTTP demands: a 101 without a header, say.
  ERR_ASSERTION: ['protocol_error', 'The answer is not well-formed HTTP.'],
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: ['protocol_error', 'The answer was not as long as it said.'],
};

/** The stable `error_code` and a message for what undici or Node threw at a call. */
export function describeFailure(error: unknown): { code: FailureCode; message: string } {
  const code = codeOf(error);
  if (error instanceof ProxyError) return { code: 'proxy_error', message: error.message };
  // undici's words for an interim answer that nobody asked for (100, 101); its code is that of a broken connection.
  if (error instanceof errors.SocketError && /^bad (response|upgrade)$/.test(error.message)) {
    return {
      code: 'protocol_error',
      message: 'The endpoint sent an interim answer (100 or 101) that was not asked for.',
    };
  }
  const known = BY_CODE[code];
  if (known !== undefined) return { code: known[0], message: known[1] };
  if (error instanceof errors.HTTPParserError)
    return { code: 'protocol_error', message: 'The answer is not well-formed HTTP.' };
  if (/TLS|SSL|CERT|SELF_SIGNED|UNABLE_TO_|EPROTO/.test(code)) {
    return { code: 'tls_error', message: `The TLS connection failed (${code}).` };
  }
  return { code: 'network_error', message: code === '' ? 'The call failed.' : `The call failed (${code}).` };
}

/** The code of an error, or of the first one that it stands for (one try for each address of a name). */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  if ('code' in error && typeof error.code === 'string') return error.code;
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  return codeOf(error.cause);
}
