import { loadConfig } from '../../src/config.js';
import { type RunningHookline, startHookline } from '../../src/main.js';
import type { Logger } from '../../src/observe/log.js';
import { silent } from '../harness/delivering.js';
import { SERVICE_KEY } from './api-client.js';
import { JWT_SECRET } from './api-tokens.js';

/** API and worker, or one of them, that may reach loopback; metrics at a port of their own unless `env` says otherwise. */
export function startWatched(
  databaseUrl: string,
  parts: { readonly api: boolean; readonly worker: boolean },
  env: Readonly<Record<string, string>> = {},
  log: Logger = silent,
  takesOver = false,
): Promise<RunningHookline> {
  const config = loadConfig({
    DATABASE_URL: databaseUrl,
    PORT: '0',
    HOOKLINE_METRICS_PORT: '0',
    HOOKLINE_SERVICE_KEY: SERVICE_KEY,
    HOOKLINE_JWT_SECRET: JWT_SECRET,
    HOOKLINE_ALLOW_NETWORKS: '127.0.0.0/8',
    MODELRIVER_WEBHOOK_SECRET: 'the-webhook-secret-of-tests',
    MODELRIVER_API_KEY: 'the-api-key-of-tests',
    ...env,
  });
  return startHookline(config, { ...parts, log, takesOver });
}

/** A scrape: the text, and what it says. */
export interface Scraped {
  readonly text: string;
  /** By name and labels, as they are written: `name{label="value"}`. */
  readonly values: ReadonlyMap<string, number>;
  /** The names of metrics, of which `# TYPE` tells. */
  readonly names: readonly string[];
  value(series: string): number | undefined;
  /** Of all series of a name, the sum. */
  sum(name: string): number;
}

/** GET /metrics of a process, at its own port. */
export async function scrape({ metricsUrl }: Pick<RunningHookline, 'metricsUrl'>): Promise<Scraped> {
  const response = await fetch(`${metricsUrl}/metrics`);
  if (response.status !== 200) throw new Error(`/metrics answered ${response.status}`);
  return parse(await response.text());
}

export function parse(text: string): Scraped {
  const values = new Map<string, number>();
  const names: string[] = [];
  for (const line of text.split('\n')) {
    const [, name] = /^# TYPE (\S+) /.exec(line) ?? [];
    if (name !== undefined) names.push(name);
    if (line === '' || line.startsWith('#')) continue;
    const at = line.lastIndexOf(' ');
    values.set(line.slice(0, at), Number(line.slice(at + 1)));
  }
  return {
    text,
    values,
    names,
    value: (series) => values.get(series),
    sum: (name) => [...values].reduce((sum, [series, value]) => (series.split('{')[0] === name ? sum + value : sum), 0),
  };
}
