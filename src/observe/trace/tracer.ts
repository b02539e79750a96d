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
