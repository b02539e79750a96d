import { trace } from '@opentelemetry/api';
import { BasicTracerProvider, BatchSpanProcessor, InMemorySpanExporter } from '@opentelemetry/sdk-trace-base';
import { afterEach, expect, it } from 'vitest';
import { flushSpans, tracer } from '../../src/observe/trace/tracer.js';

afterEach(() => trace.disable());

it('ended spans are sent before the process ends; without an SDK nothing is done', async () => {
  await flushSpans();
  const exporter = new InMemorySpanExporter();
  const held = new BatchSpanProcessor(exporter, { scheduledDelayMillis: 1_000_000 });
  const provider = new BasicTracerProvider({ spanProcessors: [held] });
  trace.setGlobalTracerProvider(provider);
  tracer()?.startSpan('one').end();
  expect(exporter.getFinishedSpans()).toEqual([]);
  await flushSpans();
  expect(exporter.getFinishedSpans().map(({ name }) => name)).toEqual(['one']);
  await provider.shutdown();
});
