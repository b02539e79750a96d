import { pino } from 'pino';
import { redactFields, scrubText, serializeError } from './redact.js';

export type { Logger } from 'pino';

/**
 * A JSON logger. Secrets, tokens and payloads are redacted by name, however deep they stand, and in any text by their form (redact.ts), so that a careless line
 * does not leak them.
 * @param level a level of pino's (`trace` to `fatal`, or `silent`)
 * @param file where to write: standard output when absent
 */
export function createLogger(level: string, file?: string): pino.Logger {
  const destination =
    file === undefined ? pino.destination(1) : pino.destination({ dest: file, mkdir: true, sync: true });
  const logger = pino(
    {
      level,
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), log: redactFields },
      // `error` is most often a code, and then logged as it is.
      serializers: {
        err: (error) => serializeError(error),
        error: (value) => (value instanceof Error ? serializeError(value) : value),
      },
      hooks: { streamWrite: scrubText, logMethod: withSafeMessage },
    },
    destination,
  );
  const { child } = logger;
  // pino formats no bindings of children; a child's children inherit this.
  Object.defineProperty(logger, 'child', {
    value(this: pino.Logger, bindings: pino.Bindings, options?: pino.ChildLoggerOptions) {
      return Reflect.apply(child, this, [redactFields(bindings), options]);
    },
  });
  return logger;
}

/** Without words of its own a line would have the error's, as they are. */
function withSafeMessage(this: pino.Logger, args: Parameters<pino.LogFn>, method: pino.LogFn): void {
  const [first, ...rest] = args as [unknown, ...unknown[]];
  const error = first instanceof Error ? first : errorOf(first);
  if (error === undefined || rest.length > 0) Reflect.apply(method, this, args);
  else Reflect.apply(method, this, [first, serializeError(error).message]);
}

function errorOf(fields: unknown): Error | undefined {
  if (typeof fields !== 'object' || fields === null || !('err' in fields)) return undefined;
  return fields.err instanceof Error ? fields.err : undefined;
}
