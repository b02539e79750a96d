import { diag } from '@opentelemetry/api';

/** What the operator's SDK throws, in a processor or exporter of their own, is told where OpenTelemetry tells its own errors, and touches no event or delivery. */
export function guarded<Args extends unknown[], Result>(
  fn: (...args: Args) => Result,
): (...args: Args) => Result | undefined {
  return (...args) => {
    try {
      return fn(...args);
    } catch (error) {
      diag.error('hookline: a span was not made', error);
      return undefined;
    }
  };
}
