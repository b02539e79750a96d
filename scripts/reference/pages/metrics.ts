import { Registry } from 'prom-client';
import { createDeliveryMetrics } from '../../../src/observe/metrics/delivery-metrics.js';
import { createFleetMetrics } from '../../../src/observe/metrics/fleet-metrics.js';
import { createHttpMetrics } from '../../../src/observe/metrics/http-metrics.js';
import { createLoopMetrics } from '../../../src/observe/metrics/loop-metrics.js';
import { registerPoolMetrics } from '../../../src/observe/metrics/pool-metrics.js';
import { registerProcessMetrics } from '../../../src/observe/metrics/process-metrics.js';
import { createReceiverMetrics } from '../../../src/observe/metrics/receiver-metrics.js';
import { complete } from '../complete.js';
import type { Tell, Told } from '../language.js';
import { code, named, page, table } from '../markdown.js';
import { METRIC_TEXTS } from '../text/metrics.js';

const SECTIONS: readonly (readonly [told: Told, texts: Readonly<Record<string, Told>>, more: Told])[] = [
  [
    ['Of the whole installation', '整个安装'],
    METRIC_TEXTS.installation,
    [
      'Read from the database in one statement, at most every five seconds however many scrapes there are. Every process tells the same: take `max by (…)`, never a sum.',
      '用一条语句从数据库读取，无论抓取多少次，最多每五秒一次。每个进程给出相同的值：取 `max by (…)`，切勿求和。',
    ],
  ],
  [['Of a worker', '工作进程'], METRIC_TEXTS.worker, ['', '']],
  [['Of the API', 'API'], METRIC_TEXTS.api, ['', '']],
  [['Of every process', '每个进程'], METRIC_TEXTS.process, ['', '']],
];

/** The metrics that are registered (src/observe/metrics). */
export async function metricsPage(t: Tell): Promise<string> {
  const registered = new Map((await registerAll()).map((metric) => [metric.name, metric]));
  complete(
    'Metrics',
    registered.keys(),
    SECTIONS.flatMap(([, texts]) => Object.keys(texts)),
  );
  return page([
    t(['# Metrics', '# 指标']),
    t([
      'What `/metrics` tells Prometheus. [Where, and with which alerts](../metrics.md).',
      '`/metrics` 提供给 Prometheus 的内容。[在何处，以及告警](../metrics.md)。',
    ]),
    ...SECTIONS.flatMap(([title, texts, more]) => [
      `## ${t(title)}`,
      t(more),
      table(
        [t(['metric', '指标']), t(['type', '类型']), t(['labels', '标签']), ''],
        Object.entries(texts).map(([name, told]) => [named(name), ...kind(registered.get(name)), t(told)]),
      ),
    ]),
    t([
      'Beside these what `prom-client` tells of every process of Node.js: `process_*` and `nodejs_*`.',
      '此外还有 `prom-client` 提供的 Node.js 进程指标：`process_*` 与 `nodejs_*`。',
    ]),
  ]);
}

interface Metric {
  readonly name: string;
  readonly type: string;
  readonly labels: readonly string[];
}

function kind(metric: Metric | undefined): [type: string, labels: string] {
  return [metric?.type ?? '', (metric?.labels ?? []).map(code).join(', ')];
}

/** All that a process with API and worker registers, by their names in the text format. */
async function registerAll(): Promise<Metric[]> {
  const registry = new Registry();
  registerProcessMetrics(registry, { version: '0', database: 'postgres', api: true, worker: true });
  registerPoolMetrics(registry, { connections: () => ({ total: 0, idle: 0, waiting: 0, max: 0 }) });
  createFleetMetrics(registry);
  createReceiverMetrics(registry);
  createDeliveryMetrics(registry);
  createLoopMetrics(registry);
  createHttpMetrics(registry);
  const described = await registry.getMetricsAsJSON();
  return registry.getMetricsAsArray().map((metric, nth) => ({
    name: metric.name,
    type: String(described[nth]?.type),
    labels: 'labelNames' in metric && Array.isArray(metric.labelNames) ? metric.labelNames.map(String) : [],
  }));
}
