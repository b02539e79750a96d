import { ProxyTracerProvider, type Tracer, trace } from '@opentelemetry/api';

const NAME = 'hookline';

/**
 * The tracer of the SDK that the process has registered with OpenTelemetry's API; undefined without one. Whoever makes spans asks first, so that without an SDK
 * not even empty spans are made: a look at a global is all that it costs.
 */
export function tracer(): Tracer | undefined {
  const provider = trace.getTracerProvider();
  return provider instanceof ProxyTracerProvider ? provider.getDelegateTracer(NAME) : provider.getTracer(NAME);
}

/** Has the SDK send the ended spans that it holds, which it does every few seconds as a rule, before the process ends. Without one nothing is done. */
export async function flushSpans(): Promise<void> {
  const provider = trace.getTracerProvider();
  const sdk: object = provider instanceof ProxyTracerProvider ? provider.getDelegate() : provider;
  if ('forceFlush' in sdk && typeof sdk.forceFlush === 'function') await sdk.forceFlush();
}
