import { errors } from 'undici';
import { describe, expect, it } from 'vitest';
import { stopsWebhook } from '../../src/deliver/attempt.js';
import { describeFailure, TooManyInterimAnswersError } from '../../src/deliver/send/failure.js';
import type { Outcome } from '../../src/deliver/stages.js';
import { AddressForbiddenError } from '../../src/egress/address-guard.js';
import { PortForbiddenError } from '../../src/egress/port-guard.js';
import { ProxyError } from '../../src/egress/proxy/proxy-error.js';

const withCode = (code: string) => Object.assign(new Error('as the system says it, with 10.0.0.1 in it'), { code });

describe('the code of a call that got no answer', () => {
  it.each([
    ['ECONNREFUSED', 'connection_refused'],
    ['ECONNRESET', 'connection_reset'],
    ['EPIPE', 'connection_reset'],
    ['UND_ERR_SOCKET', 'connection_reset'],
    ['ENOTFOUND', 'dns_error'],
    ['EAI_AGAIN', 'dns_error'],
    ['EHOSTUNREACH', 'unreachable'],
    ['ENETUNREACH', 'unreachable'],
    ['EADDRNOTAVAIL', 'unreachable'],
    ['ETIMEDOUT', 'timeout'],
    ['UND_ERR_CONNECT_TIMEOUT', 'timeout'],
    ['UND_ERR_HEADERS_OVERFLOW', 'headers_too_large'],
    ['HPE_HEADER_OVERFLOW', 'headers_too_large'],
    ['UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'protocol_error'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls_error'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'tls_error'],
    ['CERT_HAS_EXPIRED', 'tls_error'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls_error'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls_error'],
    ['EPROTO', 'tls_error'],
    ['EWHATEVER', 'network_error'],
  ])('of %s is %s, in words of ours', (code, expected) => {
    const told = describeFailure(withCode(code));
    expect(told.code).toBe(expected);
    expect(told.message).toMatch(/^The .{10,}\.$/);
    expect(told.message).not.toContain('10.0.0.1');
    // Only where ours has no words of its own does the system's code tell more.
    expect(told.message.includes(code)).toBe(['tls_error', 'network_error'].includes(expected));
  });

  it('is that of the guards, of the proxy with its words, and of an endpoint that goes on with interim answers', () => {
    expect(describeFailure(new AddressForbiddenError('10.0.0.1')).code).toBe('address_forbidden');
    expect(describeFailure(new AddressForbiddenError('10.0.0.1')).message).toContain('HOOKLINE_ALLOW_NETWORKS');
    expect(describeFailure(new PortForbiddenError(25)).code).toBe('port_forbidden');
    expect(describeFailure(new PortForbiddenError(25)).message).toContain('HOOKLINE_ALLOW_PORTS');
    expect(describeFailure(new ProxyError('It refused.'))).toEqual({ code: 'proxy_error', message: 'It refused.' });
    const interim = describeFailure(new TooManyInterimAnswersError());
    expect(interim).toEqual({
      code: 'protocol_error',
      message: 'The endpoint sent one interim (1xx) answer after another.',
    });
  });

  it('tells an answer that breaks the protocol from a connection that broke', () => {
    for (const message of ['bad response', 'bad upgrade']) {
      const told = describeFailure(new errors.SocketError(message));
      expect(told.code).toBe('protocol_error');
      expect(told.message).toMatch(/interim answer/);
      expect(describeFailure(withCode('EWHATEVER')).message).not.toBe(told.message);
      expect(describeFailure(Object.assign(new Error(message), { code: 'UND_ERR_SOCKET' })).code).toBe(
        'connection_reset',
      );
    }
    for (const message of ['other side closed', 'no bad response', 'bad response at all']) {
      expect(describeFailure(new errors.SocketError(message)).code).toBe('connection_reset');
    }
    expect(describeFailure(new errors.HTTPParserError('Invalid header'))).toEqual({
      code: 'protocol_error',
      message: 'The answer is not well-formed HTTP.',
    });
  });

  it('is found below the errors that wrap it, and is network_error where there is none', () => {
    const tries = new AggregateError([withCode('ECONNREFUSED'), withCode('ETIMEDOUT')]);
    expect(describeFailure(tries).code).toBe('connection_refused');
    expect(describeFailure(new Error('wrapped', { cause: withCode('ENOTFOUND') })).code).toBe('dns_error');
    expect(describeFailure(new Error('wrapped', { cause: tries })).code).toBe('connection_refused');
    expect(describeFailure(Object.assign(new Error('odd'), { code: 7, cause: withCode('EPIPE') })).code).toBe(
      'connection_reset',
    );
    for (const nothing of [new Error('?'), 'text', undefined, { code: 'EPIPE' }, new AggregateError([])]) {
      expect(describeFailure(nothing)).toEqual({ code: 'network_error', message: 'The call failed.' });
    }
  });
});

describe('an answer stops its webhook', () => {
  const answer = (status: number, retryAfterSeconds?: number): Outcome => ({
    kind: 'responded',
    status,
    headers: {},
    body: '',
    timeMs: 1,
    retryAfterSeconds,
  });

  it('with 410 for good, with 429 and 503 as long as Retry-After says, and with nothing else', () => {
    for (const outcome of [answer(410), answer(410, 5), answer(429, 5), answer(503, 5)]) {
      expect(stopsWebhook(outcome)).toBe(true);
    }
    for (const status of [200, 204, 301, 400, 404, 408, 409, 411, 418, 428, 430, 500, 502, 504]) {
      expect(stopsWebhook(answer(status, 5)), String(status)).toBe(false);
    }
    expect([answer(429), answer(503)].map(stopsWebhook)).toEqual([false, false]);
    expect(stopsWebhook({ kind: 'unanswered', code: 'timeout', message: '', timeMs: 410 })).toBe(false);
  });
});
