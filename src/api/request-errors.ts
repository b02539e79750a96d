import type { FastifyError } from 'fastify';
import { toHooklineError } from '../db/sql-errors.js';
import { HooklineError } from '../errors.js';

/** What Fastify itself refuses, as the catalogue names it. */
const OF_FASTIFY = new Map<string, (maxBodyBytes: number) => HooklineError>([
  [
    'FST_ERR_CTP_BODY_TOO_LARGE',
    (maxBodyBytes) =>
      new HooklineError('body_too_large', `The body is larger than ${maxBodyBytes} bytes.`, {
        hint: 'HOOKLINE_MAX_BODY_BYTES sets the limit.',
      }),
  ],
  ['FST_ERR_CTP_INVALID_MEDIA_TYPE', () => new HooklineError('unsupported_media_type')],
  ['FST_ERR_CTP_EMPTY_JSON_BODY', () => new HooklineError('invalid_json', 'The body is empty.')],
  ['FST_ERR_CTP_INVALID_JSON_BODY', () => new HooklineError('invalid_json')],
  [
    'FST_ERR_CTP_INVALID_CONTENT_LENGTH',
    () => new HooklineError('invalid_request', 'The body is not as long as Content-Length says.'),
  ],
]);

/** Turns whatever a request threw into an error of the catalogue. `maxBodyBytes` is the limit that a body went over. */
export function toRequestError(error: unknown, maxBodyBytes: number): HooklineError {
  if (error instanceof HooklineError) return error;
  if (!isFastifyError(error)) return toHooklineError(error);
  if (error.validation !== undefined) return invalidFields(error);
  const known = OF_FASTIFY.get(error.code);
  if (known !== undefined) return known(maxBodyBytes);
  const refused = error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500;
  return refused ? new HooklineError('invalid_request', error.message) : toHooklineError(error);
}

function isFastifyError(error: unknown): error is FastifyError {
  if (!(error instanceof Error) || !('code' in error)) return false;
  return 'validation' in error || (typeof error.code === 'string' && error.code.startsWith('FST_'));
}

/** Names each wrong field and what is wrong with it; of two findings on one field the first says enough. */
export function invalidFields(error: Pick<FastifyError, 'validation' | 'validationContext'>): HooklineError {
  const findings = new Map<string, string>();
  for (const { instancePath, keyword, message, params } of error.validation ?? []) {
    // A field too many is found twice: by its own schema (false), and by that of the object, which names it.
    if (keyword === 'boolean') continue;
    const field =
      instancePath === '' ? (error.validationContext ?? 'body') : instancePath.slice(1).replaceAll('/', '.');
    const finding = absence(keyword, params) ?? `${field} ${wordsOf(keyword, params) ?? message ?? 'is not valid'}`;
    if (!findings.has(field)) findings.set(field, finding);
  }
  return new HooklineError('invalid_request', `${[...findings.values()].join('; ')}.`);
}

function absence(keyword: string, params: Readonly<Record<string, unknown>>): string | undefined {
  const absent = params['requiredProperties'];
  if (keyword !== 'required' || !Array.isArray(absent)) return undefined;
  return `${absent.map(String).join(' and ')} ${absent.length === 1 ? 'is' : 'are'} missing`;
}

function wordsOf(keyword: string, params: Readonly<Record<string, unknown>>): string | undefined {
  if (keyword === 'type') return `must be ${withArticle(String(params['type']))}`;
  const allowed = params['allowedValues'];
  if (keyword === 'enum' && Array.isArray(allowed)) return `must be one of ${allowed.map(String).join(', ')}`;
  if (keyword === 'const') return `must be ${JSON.stringify(params['allowedValue'])}`;
  if (keyword === 'format') return `must be a ${String(params['format'])}${exampleOf(params['format'])}`;
  const extra = params['additionalProperties'];
  if (keyword === 'additionalProperties' && Array.isArray(extra))
    return `does not take ${extra.map(String).join(', ')}`;
  return undefined;
}

function exampleOf(format: unknown): string {
  return format === 'date-time' ? ', such as 2026-11-22T10:00:00Z' : '';
}

function withArticle(noun: string): string {
  return `${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`;
}
