import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { wellFormed } from './raw-server.js';

/** What an endpoint does with one call, and what has to come of it. */
export interface Hostile {
  readonly does: string;
  /** The `error_code`, or the status when the answer counts. */
  readonly gives: string | number;
  /** Once the request has come; with `at: 'connection'` before. */
  readonly answer: (socket: Socket) => void;
  readonly at?: 'connection';
  /** The connection has to be closed by the sender, after the answer, for what came after it. */
  readonly closes?: true;
}

const CRLF = '\r\n';
const OK = `HTTP/1.1 200 OK${CRLF}`;
const CHUNKED = `${OK}transfer-encoding: chunked${CRLF}${CRLF}`;
const sized = (length: number | string): string => `${OK}content-length: ${length}${CRLF}${CRLF}`;

/** Writes and leaves the connection open. */
const writes = (text: string | Buffer) => (socket: Socket) => void socket.write(text);
/** Writes and closes both ways. */
const ends = (text: string) => (socket: Socket) => void socket.end(text, () => socket.destroySoon());

/** Writes `text` a byte a second: what a deadline for each byte would never end. */
function drips(before: string, text: string): (socket: Socket) => void {
  return (socket) => {
    let at = 0;
    const drip = (): void => {
      if (socket.destroyed) clearInterval(timer);
      else socket.write(text[at++ % text.length] ?? '');
    };
    const timer = setInterval(drip, 1_000);
    socket.write(before);
    drip();
  };
}

/** Writes as fast as it is read, until the other side breaks off. */
export function floods(before: string, unit: string): (socket: Socket) => void {
  return (socket) => {
    const block = Buffer.alloc(unit.length * Math.floor((256 * 1024) / unit.length), unit);
    const write = (): void => {
      while (!socket.destroyed && socket.write(block));
    };
    socket.on('drain', write);
    socket.write(before);
    write();
  };
}

/** 10 MiB of zeros in 10 KiB. */
const bomb = gzipSync(Buffer.alloc(10 * 1024 * 1024));

export const HOSTILE: readonly Hostile[] = [
  // Slow, or without end
  { does: 'drips the head a byte a second', gives: 'timeout', answer: drips('', `${OK}x: ${'y'.repeat(100)}`) },
  { does: 'drips the body a byte a second', gives: 'timeout', answer: drips(sized(1_000), 'x') },
  { does: 'drips chunks of a byte', gives: 'timeout', answer: drips(CHUNKED, `1${CRLF}x${CRLF}`) },
  { does: 'never answers', gives: 'timeout', answer: () => undefined },
  { does: 'accepts and reads nothing', gives: 'timeout', at: 'connection', answer: (socket) => void socket.pause() },
  { does: 'stops after the status line', gives: 'timeout', answer: writes(OK) },
  { does: 'answers without end', gives: 200, answer: floods(`${OK}${CRLF}`, 'x') },
  { does: 'answers in chunks without end', gives: 200, answer: floods(CHUNKED, `1${CRLF}x${CRLF}`) },
  { does: 'says it is endless, and is', gives: 200, answer: floods(sized(Number.MAX_SAFE_INTEGER), 'x') },
  { does: 'sends line ends without end', gives: 'timeout', answer: floods('', CRLF) },
  { does: 'sends a status line without end', gives: 'timeout', answer: floods('HTTP/1.1 200 ', 'x') },
  { does: 'sends a chunk extension without end', gives: 'timeout', answer: floods(`${CHUNKED}1;x=`, 'y') },
  {
    does: 'sends a gzip bomb',
    gives: 200,
    answer: writes(
      Buffer.concat([
        Buffer.from(`${OK}content-encoding: gzip${CRLF}content-length: ${bomb.length}${CRLF}${CRLF}`),
        bomb,
      ]),
    ),
  },
  // Headers
  { does: 'sends huge headers', gives: 'headers_too_large', answer: writes(`${OK}x: ${'y'.repeat(20_000)}${CRLF}`) },
  { does: 'sends one header line without end', gives: 'headers_too_large', answer: floods(`${OK}x: `, 'y') },
  { does: 'sends a header name without end', gives: 'headers_too_large', answer: floods(OK, 'y') },
  { does: 'sends headers without end', gives: 'headers_too_large', answer: floods(OK, `a: b${CRLF}`) },
  {
    does: 'sends trailers without end',
    gives: 'headers_too_large',
    answer: floods(`${CHUNKED}0${CRLF}`, `a: b${CRLF}`),
  },
  {
    does: 'sends headers named as members of an object',
    gives: 200,
    answer: writes(`${OK}__proto__: a${CRLF}constructor: b${CRLF}toString: c${CRLF}content-length: 0${CRLF}${CRLF}`),
  },
  { does: 'sends NUL in a header', gives: 'protocol_error', answer: writes(`${OK}x: a\0b${CRLF}${CRLF}`) },
  { does: 'sends a header without a colon', gives: 'protocol_error', answer: writes(`${OK}nothing${CRLF}${CRLF}`) },
  // Broken HTTP
  { does: 'answers in HTTP/0.9', gives: 'protocol_error', answer: ends('<p>hello</p>') },
  { does: 'answers in another protocol', gives: 'protocol_error', answer: writes('SSH-2.0-OpenSSH_9.6\r\n') },
  {
    does: 'speaks before it is asked',
    gives: 'protocol_error',
    at: 'connection',
    answer: writes('220 smtp ready\r\n'),
  },
  {
    does: 'answers garbage',
    gives: 'protocol_error',
    answer: writes(Buffer.from(Array.from({ length: 999 }, (_, n) => (n * 131) % 256))),
  },
  { does: 'answers in HTTP/2', gives: 'protocol_error', answer: writes(Buffer.from('000000040000000000', 'hex')) },
  {
    does: 'gives status 99',
    gives: 'protocol_error',
    answer: writes(`HTTP/1.1 99 ?${CRLF}content-length: 0${CRLF}${CRLF}`),
  },
  {
    does: 'gives a status of four digits',
    gives: 'protocol_error',
    answer: writes(`HTTP/1.1 2000 ?${CRLF}content-length: 0${CRLF}${CRLF}`),
  },
  {
    does: 'sends a chunk size that is none',
    gives: 'protocol_error',
    answer: writes(`${CHUNKED}zz${CRLF}hello${CRLF}`),
  },
  { does: 'sends a negative chunk size', gives: 'protocol_error', answer: writes(`${CHUNKED}-5${CRLF}hello${CRLF}`) },
  {
    does: 'sends a chunk size beyond all numbers',
    gives: 'protocol_error',
    answer: writes(`${CHUNKED}${'f'.repeat(20)}${CRLF}`),
  },
  {
    does: 'sends a chunk longer than it says',
    gives: 'protocol_error',
    answer: writes(`${CHUNKED}2${CRLF}hello${CRLF}0${CRLF}${CRLF}`),
  },
  {
    does: 'gives two different lengths',
    gives: 'protocol_error',
    answer: writes(`${OK}content-length: 5${CRLF}content-length: 6${CRLF}${CRLF}hello!`),
  },
  {
    does: 'gives a length and chunks',
    gives: 'protocol_error',
    answer: writes(
      `${OK}content-length: 5${CRLF}transfer-encoding: chunked${CRLF}${CRLF}5${CRLF}hello${CRLF}0${CRLF}${CRLF}`,
    ),
  },
  { does: 'gives a length that is no number', gives: 'protocol_error', answer: writes(sized('five')) },
  { does: 'gives a negative length', gives: 'protocol_error', answer: writes(sized(-1)) },
  { does: 'gives a length beyond all numbers', gives: 'protocol_error', answer: writes(sized('9'.repeat(40))) },
  // Interim answers
  { does: 'floods with 102', gives: 'protocol_error', answer: floods('', `HTTP/1.1 102 Processing${CRLF}${CRLF}`) },
  {
    does: 'floods with 103 and headers',
    gives: 'protocol_error',
    answer: floods('', `HTTP/1.1 103 Early Hints${CRLF}link: <a>${CRLF}${CRLF}`),
  },
  {
    does: 'sends 100 that was not asked for',
    gives: 'protocol_error',
    answer: writes(`HTTP/1.1 100 Continue${CRLF}${CRLF}`),
  },
  {
    does: 'wants another protocol',
    gives: 'protocol_error',
    answer: writes(`HTTP/1.1 101 Switching Protocols${CRLF}connection: upgrade${CRLF}upgrade: x${CRLF}${CRLF}`),
  },
  {
    does: 'switches protocols without a header',
    gives: 'protocol_error',
    answer: writes(`HTTP/1.1 101 ${CRLF}${CRLF}`),
  },
  {
    does: 'sends a few 103 first',
    gives: 200,
    answer: writes(`HTTP/1.1 103 Early Hints${CRLF}${CRLF}`.repeat(3) + wellFormed('fine')),
  },
  // Closing early
  { does: 'closes at once', gives: 'connection_reset', at: 'connection', answer: (socket) => void socket.destroy() },
  {
    does: 'resets at once',
    gives: 'connection_reset',
    at: 'connection',
    answer: (socket) => void socket.resetAndDestroy(),
  },
  { does: 'closes before the head', gives: 'connection_reset', answer: ends('') },
  { does: 'closes within the status line', gives: 'connection_reset', answer: ends('HTTP/1.1 2') },
  { does: 'closes within the head', gives: 'connection_reset', answer: ends(`${OK}content-le`) },
  { does: 'closes within the body', gives: 'connection_reset', answer: ends(`${sized(10)}hello`) },
  { does: 'closes within a chunk', gives: 'connection_reset', answer: ends(`${CHUNKED}a${CRLF}hello`) },
  { does: 'closes before the last chunk', gives: 'connection_reset', answer: ends(`${CHUNKED}5${CRLF}hello${CRLF}`) },
  {
    does: 'resets within the body',
    gives: 'connection_reset',
    answer: (socket) => void socket.write(`${sized(10)}hello`, () => socket.resetAndDestroy()),
  },
  {
    does: 'closes its half at once and reads on',
    gives: 'connection_reset',
    at: 'connection',
    answer: (socket) => void socket.resume().end(),
  },
  {
    does: 'closes its half before the head and reads on',
    gives: 'connection_reset',
    answer: (socket) => void socket.end(),
  },
  {
    does: 'closes its half after an answer without a length',
    gives: 200,
    answer: (socket) => void socket.end(`${OK}${CRLF}hello`),
  },
  // Lengths
  { does: 'says more than it sends', gives: 'timeout', answer: writes(`${sized(10)}hello`) },
  { does: 'says less than it sends', gives: 200, answer: writes(`${sized(2)}hello`) },
  {
    does: 'sends a body with 204',
    gives: 204,
    answer: writes(`HTTP/1.1 204 No Content${CRLF}content-length: 5${CRLF}${CRLF}hello`),
  },
  // After the answer
  { does: 'sends a second answer at once', gives: 200, answer: writes(wellFormed('mine') + wellFormed('forged')) },
  {
    does: 'sends half of a second answer',
    gives: 200,
    answer: writes(`${wellFormed('mine')}${OK}content-length: 6${CRLF}`),
  },
  {
    does: 'sends a second answer a little later',
    gives: 200,
    closes: true,
    answer: (socket) =>
      void socket.write(wellFormed('mine'), () => setTimeout(() => socket.write(wellFormed('forged')), 5)),
  },
  {
    does: 'closes though it said it would not',
    gives: 200,
    answer: (socket) => void socket.write(wellFormed('mine'), () => socket.destroy()),
  },
  {
    does: 'says close and stays open',
    gives: 200,
    answer: writes(`${OK}connection: close${CRLF}content-length: 4${CRLF}${CRLF}mine`),
  },
  // Redirects
  {
    does: 'redirects to inside',
    gives: 302,
    answer: writes(`HTTP/1.1 302 Found${CRLF}location: http://169.254.169.254/${CRLF}content-length: 0${CRLF}${CRLF}`),
  },
];
