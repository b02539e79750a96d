import { type Column, DataTable } from '../../ui/data-table.js';
import styles from './overview.module.css';

interface TableOfChartProps<Row> {
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
}

/** The figures of a chart, in a frame that scrolls: 35 days have 840 hours. */
export function TableOfChart<Row>(props: TableOfChartProps<Row>) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: it has no controls of a form.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard (WCAG 2.1.1).
    <div className={styles.tableOfChart} role="group" aria-label={props.caption} tabIndex={0}>
      <DataTable {...props} />
    </div>
  );
}
