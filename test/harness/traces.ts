import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { waitUntil } from './wait-until.js';

export interface Traces {
  /** The spans that have ended so far, in the order of their ends. */
  spans(): readonly ReadableSpan[];
  /** Waits until `count` spans of this name have ended, and gives them. */
  named(name: string, count?: number): Promise<readonly ReadableSpan[]>;
  forget(): void;
  /** Takes OpenTelemetry's SDK out of the process. */
  stop(): Promise<void>;
}

/** Registers OpenTelemetry's SDK in this process, as an operator's `--import` does, and keeps its spans in memory. `others` see them, too. */
export function startTraces(...others: SpanProcessor[]): Traces {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter), ...others] });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(provider);
  const spans = () => exporter.getFinishedSpans();
  return {
    spans,
    async named(name, count = 1) {
      const found = () => spans().filter((span) => span.name === name);
      const message = () =>
        `${count} spans ${name}; there are ${spans()
          .map((span) => span.name)
          .join(', ')}`;
      return waitUntil(() => (found().length >= count ? found() : undefined), { message });
    },
    forget: () => exporter.reset(),
    async stop() {
      trace.disable();
      context.disable();
      await provider.shutdown();
    },
  };
}
