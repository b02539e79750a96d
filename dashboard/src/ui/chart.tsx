import {
  BarController,
  BarElement,
  CategoryScale,
  type ChartData,
  Chart as ChartJs,
  type ChartOptions,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  Tooltip,
} from 'chart.js';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useShownTheme } from '../theme/theme.js';
import { Button } from './button.js';
import styles from './chart.module.css';

ChartJs.register(
  BarController,
  BarElement,
  CategoryScale,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  Tooltip,
);

/** Points of longer lines would hide them. */
const MOST_POINTS = 60;

export type ChartKind = 'bar' | 'line';

export interface Series {
  readonly name: string;
  readonly values: readonly (number | null)[];
  /** A variable of theme/tokens.css, as `--chart-good`. */
  readonly color: string;
}

interface ChartProps {
  readonly kind: ChartKind;
  /** What it shows, in a sentence with its main figure: screen readers get this in place of the picture. */
  readonly label: string;
  readonly labels: readonly string[];
  readonly series: readonly Series[];
  readonly isStacked?: boolean;
  /** Bars that lie, for long names. */
  readonly isHorizontal?: boolean;
  readonly format: (value: number) => string;
  /** The same figures as a table, for whoever would rather read. */
  readonly table: ReactNode;
}

/** A chart, and the same figures as a table at the press of a button. */
export function Chart(props: ChartProps) {
  const { kind, label, table } = props;
  const { t } = useTranslation();
  const theme = useShownTheme();
  const canvas = useRef<HTMLCanvasElement>(null);
  const chart = useRef<ChartJs>(null);
  const [isTable, setIsTable] = useState(false);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme changes what the colours' variables stand for.
  useEffect(() => {
    if (isTable || canvas.current === null) return;
    const { data, options } = configOf(props);
    if (chart.current === null) {
      chart.current = new ChartJs(canvas.current, { type: kind, data, options });
      return;
    }
    chart.current.data = data;
    chart.current.options = options;
    chart.current.update();
  }, [props, kind, isTable, theme]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a chart lives as long as its canvas, which the table replaces.
  useEffect(
    () => () => {
      chart.current?.destroy();
      chart.current = null;
    },
    [isTable],
  );

  return (
    <figure className={styles.figure}>
      {isTable ? (
        table
      ) : (
        <div className={styles.frame}>
          <canvas ref={canvas} role="img" aria-label={label} />
        </div>
      )}
      <Button look="ghost" className={styles.toggle} aria-pressed={isTable} onClick={() => setIsTable(!isTable)}>
        {t('app.asTable')}
      </Button>
    </figure>
  );
}

function configOf(props: ChartProps): { data: ChartData; options: ChartOptions } {
  const { labels, series, isStacked = false, isHorizontal = false, format } = props;
  const style = getComputedStyle(document.documentElement);
  const colorOf = (variable: string): string => style.getPropertyValue(variable).trim();
  const ticks = { color: colorOf('--text-2') };
  const count = {
    ...axis(colorOf),
    ticks: {
      ...ticks,
      callback: (value: string | number) => format(Number(value)),
      // Bars count things, of which there are no halves.
      ...(props.kind === 'bar' && { precision: 0 }),
    },
  };
  const category = {
    ...axis(colorOf),
    grid: { display: false },
    ticks: { ...ticks, maxRotation: 0, autoSkipPadding: 16 },
  };
  return {
    data: {
      labels: [...labels],
      datasets: series.map(({ name, values, color }) => ({
        label: name,
        data: [...values],
        backgroundColor: colorOf(color),
        borderColor: colorOf(color),
        borderWidth: props.kind === 'bar' ? 0 : labels.length > MOST_POINTS ? 1.5 : 2,
        borderRadius: 3,
        pointRadius: labels.length > MOST_POINTS ? 0 : 2,
        spanGaps: true,
      })),
    },
    options: {
      responsive: true,
      maintainAspectRatio: false,
      animation: false,
      indexAxis: isHorizontal ? 'y' : 'x',
      interaction: { mode: 'index', intersect: false, axis: isHorizontal ? 'y' : 'x' },
      scales: isHorizontal
        ? { x: { ...count, stacked: isStacked, beginAtZero: true }, y: { ...category, stacked: isStacked } }
        : { x: { ...category, stacked: isStacked }, y: { ...count, stacked: isStacked, beginAtZero: true } },
      plugins: {
        legend: { display: series.length > 1, position: 'bottom', labels: { color: colorOf('--text'), boxWidth: 12 } },
        tooltip: {
          callbacks: {
            label: ({ dataset, parsed }) => {
              const value = isHorizontal ? parsed.x : parsed.y;
              return `${dataset.label}: ${value === null ? '–' : format(value)}`;
            },
          },
        },
      },
    },
  };
}

function axis(colorOf: (variable: string) => string) {
  return { grid: { color: colorOf('--grid') }, border: { color: colorOf('--border') } };
}
