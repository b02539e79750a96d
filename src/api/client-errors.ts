import type { Socket } from 'node:net';
import type { ConnectionError } from 'fastify';
import { type ErrorCode, HooklineError } from '../errors.js';
import { PROBLEM_TYPE, toProblem } from './problem.js';

const REASONS: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  408: 'Request Timeout',
  431: 'Request Header Fields Too Large',
};

/** Answers a connection whose bytes are no HTTP request: Node has no request and no reply to offer then. */
export function answerClientError(error: ConnectionError, socket: Socket): void {
  if (error.code !== 'ECONNRESET' && socket.writable) {
    const problem = toProblem(new HooklineError(codeOf(error)));
    const body = JSON.stringify(problem);
    socket.write(
      `HTTP/1.1 ${problem.status} ${REASONS[problem.status] ?? 'Bad Request'}\r\nConnection: close\r\n` +
        `Content-Type: ${PROBLEM_TYPE}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
  }
  socket.destroy();
}

function codeOf(error: ConnectionError): ErrorCode {
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') return 'request_timeout';
  return error.code === 'HPE_HEADER_OVERFLOW' ? 'headers_too_large' : 'invalid_request';
}
