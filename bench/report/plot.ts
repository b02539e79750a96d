import { LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TitleComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import type { Plot } from './section.js';

use([LineChart, GridComponent, LegendComponent, TitleComponent, SVGRenderer]);

const SIZE = { width: 720, height: 360 };

/** Draws a plot as SVG, on white, so that it can be read in a dark page too. */
export function svg({ title, x, y, lines }: Plot): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, ...SIZE });
  try {
    chart.setOption({
      animation: false,
      backgroundColor: '#ffffff',
      title: { text: title, left: 16, top: 12, textStyle: { fontSize: 15 } },
      legend: { show: lines.length > 1, right: 16, top: 14 },
      grid: { left: 72, right: 32, top: 72, bottom: 56 },
      xAxis: {
        type: 'category',
        name: x.name,
        nameLocation: 'middle',
        nameGap: 32,
        data: x.points.map((point) => point.toLocaleString('en')),
      },
      yAxis: { type: 'value', name: y, min: 0 },
      series: lines.map(({ name, values }) => ({ type: 'line', name, data: [...values], symbolSize: 7 })),
    });
    return chart.renderToSVGString();
  } finally {
    chart.dispose();
  }
}
