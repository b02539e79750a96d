import { codeOf } from '../errors.js';

/** Why something failed, in words of the driver's. Drivers name hosts and users, and never a password; what a server quotes of a statement is left out. */
export function causeOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return error.errors.map(causeOf).join('; ');
  if (!(error instanceof Error)) return 'unknown';
  const code = codeOf(error);
  const [line = ''] = error.message.split('\n');
  const text = line === '' ? error.name : line;
  return code === undefined || text.includes(code) ? text : `${text} (${code})`;
}

/** `1 webhook`, `2 webhooks`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
}

/** A length of time in the unit that suits it. */
export function lasting(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3_600)} h` : `${Math.round(seconds / 86_400)} days`;
}
