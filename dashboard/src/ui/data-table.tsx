import type { ReactNode } from 'react';
import styles from './data-table.module.css';

export interface Column<Row> {
  readonly id: string;
  readonly header: ReactNode;
  readonly cell: (row: Row) => ReactNode;
  /** The cell that names its row. */
  readonly isRowHeader?: boolean;
  readonly align?: 'end';
}

interface DataTableProps<Row> {
  /** What the table shows; for screen readers. */
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  /** Rows that have just come in, which stand out for a moment. */
  readonly isNew?: (row: Row) => boolean;
  /** Lets rows be chosen by a box at their beginning. */
  readonly selection?: {
    readonly chosen: ReadonlySet<string>;
    readonly onChange: (chosen: ReadonlySet<string>) => void;
    readonly labelOf: (row: Row) => string;
    readonly allLabel: string;
    /** Rows that may not be chosen have no box. */
    readonly mayChoose?: (row: Row) => boolean;
  };
}

/** A table; on narrow screens each row is a card, with the columns' names before the values. */
export function DataTable<Row>({ caption, columns, rows, keyOf, isNew, selection }: DataTableProps<Row>) {
  return (
    <div className={styles.frame}>
      <table className={styles.table}>
        <caption className="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            {selection && (
              <th scope="col" className={styles.box}>
                <ChooseAll rows={rows} keyOf={keyOf} selection={selection} />
              </th>
            )}
            {columns.map((column) => (
              <th key={column.id} scope="col" className={column.align === 'end' ? styles.end : undefined}>
                {column.header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const key = keyOf(row);
            return (
              <tr key={key} data-key={key} data-new={isNew?.(row) || undefined}>
                {selection && (
                  <td className={styles.box}>
                    <Choose row={row} id={key} selection={selection} />
                  </td>
                )}
                {columns.map((column) => (
                  <Cell key={column.id} column={column} row={row} />
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function Cell<Row>({ column, row }: { readonly column: Column<Row>; readonly row: Row }) {
  const className = column.align === 'end' ? styles.end : undefined;
  const content = (
    <>
      <span className={styles.label} aria-hidden>
        {column.header}
      </span>
      <span className={styles.value}>{column.cell(row)}</span>
    </>
  );
  return column.isRowHeader ? (
    <th scope="row" className={className}>
      {content}
    </th>
  ) : (
    <td className={className}>{content}</td>
  );
}

type Selection<Row> = NonNullable<DataTableProps<Row>['selection']>;

function Choose<Row>({ row, id, selection }: { row: Row; id: string; selection: Selection<Row> }) {
  const { chosen, onChange, labelOf, mayChoose } = selection;
  if (mayChoose?.(row) === false) return null;
  return (
    <input
      type="checkbox"
      aria-label={labelOf(row)}
      checked={chosen.has(id)}
      onChange={(event) => {
        const next = new Set(chosen);
        if (event.target.checked) next.add(id);
        else next.delete(id);
        onChange(next);
      }}
    />
  );
}

interface ChooseAllProps<Row> {
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  readonly selection: Selection<Row>;
}

function ChooseAll<Row>({ rows, keyOf, selection }: ChooseAllProps<Row>) {
  const { chosen, onChange, allLabel, mayChoose = () => true } = selection;
  const ids = rows.filter(mayChoose).map(keyOf);
  const isAll = ids.length > 0 && ids.every((id) => chosen.has(id));
  return (
    <input
      type="checkbox"
      aria-label={allLabel}
      checked={isAll}
      disabled={ids.length === 0}
      ref={(box) => {
        if (box) box.indeterminate = !isAll && ids.some((id) => chosen.has(id));
      }}
      onChange={() => onChange(isAll ? new Set() : new Set(ids))}
    />
  );
}
