import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningHookline } from '../../src/main.js';
import { newPostgresDatabase } from '../harness/databases.js';
import { createWebhook, deliveryWith, trigger } from '../harness/delivering.js';
import { type ReceiverServer, startReceiver } from '../harness/receiver-server.js';
import {
  PROMETHEUS_TIMEOUT_MS,
  type PrometheusServer,
  promtool,
  startPrometheus,
} from '../harness/services/prometheus.js';
import { waitUntil } from '../harness/wait-until.js';
import { SERVICE_KEY } from './api-client.js';
import { parse, scrape, startWatched } from './metrics-helpers.js';

const OPS = new URL('../../ops/', import.meta.url);
const DOCS = new URL('../../docs/metrics.md', import.meta.url);
const REFERENCE = new URL('../../docs/reference/metrics.md', import.meta.url);
const RULES = new URL('prometheus/', OPS).pathname;
const TESTS = ['alerts.test.yml', 'alerts-of-days.test.yml'];

interface Panel {
  readonly title: string;
  readonly type: string;
  readonly targets?: readonly { readonly expr: string }[];
}
interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [number, string];
}
interface Rules {
  readonly groups: readonly {
    readonly rules: readonly {
      readonly name: string;
      readonly query: string;
      readonly health: string;
      readonly lastError?: string;
      readonly labels: Readonly<Record<string, string>>;
      readonly annotations: Readonly<Record<string, string>>;
    }[];
  }[];
}

/** Names of metrics of ours, as they are registered: without what Prometheus adds to those of a histogram. */
function namesIn(text: string): string[] {
  const all = text.match(/\bhookline_[a-z0-9_]+/g) ?? [];
  return [...new Set(all.map((name) => name.replace(/_(bucket|sum|count)$/, '')))].sort();
}

const panels = async (): Promise<readonly Panel[]> =>
  (JSON.parse(await readFile(new URL('grafana/hookline.json', OPS), 'utf8')) as { panels: Panel[] }).panels;

/** The expressions of the dashboard, as Grafana would ask for all processes. */
async function dashboard(): Promise<{ title: string; expr: string }[]> {
  const filled = (expr: string) => expr.replaceAll('$instance', '.*').replaceAll('$__rate_interval', '20s');
  return (await panels()).flatMap(({ title, targets = [] }) =>
    targets.map(({ expr }) => ({ title, expr: filled(expr) })),
  );
}

describe('Prometheus', () => {
  let own: Awaited<ReturnType<typeof newPostgresDatabase>>;
  let receiver: ReceiverServer;
  let start: RunningHookline;
  let worker: RunningHookline;
  let prometheus: PrometheusServer;

  beforeAll(async () => {
    own = await newPostgresDatabase();
    receiver = await startReceiver(({ url }) => ({ status: url.includes('failing') ? 500 : 200 }));
    start = await startWatched(own.url, { api: true, worker: true }, { HOOKLINE_METRICS_PORT: '' });
    worker = await startWatched(own.url, { api: false, worker: true });
    const example = await readFile(new URL('prometheus/scrape.example.yml', OPS), 'utf8');
    const targets = [new URL(start.url ?? '').host, new URL(worker.metricsUrl ?? '').host];
    const configuration = example
      .replace(/scrape_interval: \w+/, 'scrape_interval: 500ms\n  evaluation_interval: 1s')
      .replace(/credentials_file: .*/, `credentials: ${SERVICE_KEY}`)
      .replaceAll(/targets: \[.*\]/g, () => `targets: ['${targets.shift()}']`);
    expect(targets).toEqual([]);
    prometheus = await startPrometheus(configuration, {
      'alerts.yml': await readFile(new URL('prometheus/alerts.yml', OPS), 'utf8'),
    });
  }, PROMETHEUS_TIMEOUT_MS);
  afterAll(async () => {
    await prometheus.stop();
    await Promise.all([start.stop(), worker.stop()]);
    await receiver.close();
    await own.drop();
  });

  const query = (expr: string) => prometheus.api<{ result: readonly Sample[] }>('query', { query: expr });

  it('finds nothing to say about how our metrics are named and written', async () => {
    for (const text of [(await scrape(worker)).text, await scrapeApi()]) {
      const { output } = await promtool(['check', 'metrics'], text);
      expect(output.split('\n').filter((line) => line !== '' && !/^(nodejs|process)_/.test(line))).toEqual([]);
    }
  });

  async function scrapeApi(): Promise<string> {
    const response = await fetch(`${start.url}/metrics`, { headers: { authorization: `Bearer ${SERVICE_KEY}` } });
    return response.text();
  }

  it('takes the alerts, and they fire when they should', async () => {
    const checked = await promtool(['check', 'rules', `${RULES}alerts.yml`]);
    expect(checked, checked.output).toMatchObject({ code: 0 });
    const tested = await promtool(['test', 'rules', ...TESTS.map((name) => `${RULES}${name}`)]);
    expect(tested, tested.output).toMatchObject({ code: 0 });
  });

  it('scrapes both processes, and answers every query of the dashboard', async () => {
    const good = await createWebhook(start.db, `${receiver.url}/good`);
    const bad = await createWebhook(start.db, `${receiver.url}/failing`, { max_retries: 1, retry_delay_seconds: 1 });
    // Often enough that something happens in the time that rates are of, whichever worker takes it.
    const deliver = async () => {
      const ids = [...(await trigger(start.db, good.userId)), ...(await trigger(start.db, bad.userId))];
      await fetch(`${start.url}/v1/webhooks`, { headers: { authorization: `Bearer ${SERVICE_KEY}` } });
      return ids;
    };
    const [delivered = '', failed = ''] = await deliver();
    await deliveryWith(start.db, delivered, 'success');
    await deliveryWith(start.db, failed, 'failed');

    const exprs = await dashboard();
    expect(exprs.length).toBeGreaterThan(40);
    let empty: { title: string; expr: string }[] = exprs;
    await waitUntil(
      async () => {
        await deliver();
        const answers = await Promise.all(empty.map(async (one) => ({ one, ...(await query(one.expr)) })));
        empty = answers.filter(({ result }) => !result.some(({ value }) => value[1] !== 'NaN')).map(({ one }) => one);
        return empty.length === 0;
      },
      { message: () => `an answer to ${JSON.stringify(empty, null, 1)}`, timeoutMs: 60_000, intervalMs: 500 },
    );
    // A scrape is given up after half a second, in which a process may stand still.
    const ofJobs = async (expr: string) =>
      (await query(expr)).result.map(({ metric, value }) => [metric['job'], value[1]]).sort();
    await expect
      .poll(() => ofJobs('sum by (job) (up)'))
      .toEqual([
        ['hookline-api', '1'],
        ['hookline-worker', '1'],
      ]);
    // What is of the whole installation both tell alike.
    await expect
      .poll(() => ofJobs('sum by (job) (hookline_workers)'))
      .toEqual([
        ['hookline-api', '2'],
        ['hookline-worker', '2'],
      ]);
  }, 90_000);

  it('evaluates every alert without an error, over metrics that are there, and none fires on a healthy system', async () => {
    await waitUntil(
      async () => {
        const { groups } = await prometheus.api<Rules>('rules');
        return groups.flatMap(({ rules }) => rules).every(({ health }) => health === 'ok');
      },
      { message: 'all alerts to be evaluated', timeoutMs: 30_000 },
    );
    const { groups } = await prometheus.api<Rules>('rules');
    const rules = groups.flatMap((group) => group.rules);
    expect(rules.length).toBeGreaterThan(15);
    for (const { name, query: expr, labels, annotations } of rules) {
      expect([name, labels['severity']]).toEqual([name, expect.stringMatching(/^(warning|critical)$/)]);
      expect([name, Object.keys(annotations).sort()]).toEqual([name, ['action', 'summary']]);
      await query(expr);
      const metrics = expr.match(/\b(hookline|nodejs)_[a-z0-9_]+/g) ?? [];
      for (const metric of metrics) {
        await waitUntil(async () => (await query(metric)).result.length > 0, { message: `${metric} of ${name}` });
      }
    }
    const { alerts } = await prometheus.api<{ alerts: { state: string; labels: { alertname: string } }[] }>('alerts');
    expect(alerts.filter(({ state }) => state === 'firing').map(({ labels }) => labels.alertname)).toEqual([]);
  }, 60_000);

  it('is told of the same metrics by the processes, the dashboard and the docs, and every alert has its test', async () => {
    const told = parse(await scrapeApi()).names.filter((name) => name.startsWith('hookline_'));
    expect(namesIn(told.join(' '))).toEqual([...told].sort());
    const docs = await readFile(DOCS, 'utf8');
    const reference = await readFile(REFERENCE, 'utf8');
    expect(namesIn(reference)).toEqual([...told].sort());
    expect(namesIn((await dashboard()).map(({ expr }) => expr).join(' '))).toEqual([...told].sort());
    const rules = await readFile(new URL('prometheus/alerts.yml', OPS), 'utf8');
    expect(told).toEqual(expect.arrayContaining(namesIn(rules)));
    const alerts = [...rules.matchAll(/- alert: (\w+)/g)].map(([, name]) => name);
    const tests = (await Promise.all(TESTS.map((name) => readFile(`${RULES}${name}`, 'utf8')))).join('');
    for (const alert of alerts) {
      expect(tests).toContain(`name: ${alert} fires`);
      expect(tests).toContain(`name: ${alert} keeps quiet`);
      expect(docs).toContain(`\`${alert}\``);
    }
  });
});
