import { printableLine } from '../../printable.js';

const STATUS_WIDTH = 3;
const TIME_WIDTH = 8;

/** What a server says, in one line, without what would do something to a terminal. A server that is none may say it in another type than it should. */
export function oneLine(said: unknown): string {
  return printableLine(String(said).trim().replace(/\s+/gu, ' '));
}

/** The time of day in UTC, to the second; what is no time stays as it is. */
export function clockOf(time: string | Date): string {
  const parsed = new Date(time);
  return Number.isNaN(parsed.getTime()) ? oneLine(time) : parsed.toISOString().slice(11, 19);
}

/** A status of HTTP and how long the answer took, in columns of the same width. */
export function answerOf(status: number | null, timeMs: number | null): string {
  const time = timeMs === null ? '' : oneLine(`${timeMs} ms`);
  return `${oneLine(status ?? '-').padStart(STATUS_WIDTH)}  ${time.padStart(TIME_WIDTH)}`;
}

export function isSuccess(status: number | null): boolean {
  return status !== null && status >= 200 && status < 300;
}
