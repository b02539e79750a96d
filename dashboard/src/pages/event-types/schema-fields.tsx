import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Badge } from '../../ui/badge.js';
import { type Column, DataTable } from '../../ui/data-table.js';
import type { EventType } from './catalogue.js';
import styles from './event-types.module.css';
import { rowsOf, type SchemaRow } from './schema-rows.js';

/** A schema as a table of its fields. */
export function SchemaFields({ schema }: { readonly schema: EventType['payload_schema'] }) {
  const { t } = useTranslation();
  const { rows, isCut } = useMemo(
    () => (typeof schema === 'object' && schema !== null ? rowsOf(schema) : { rows: [], isCut: false }),
    [schema],
  );
  if (schema === false) return <p className={styles.quiet}>{t('eventTypes.nothingFits')}</p>;
  if (rows.length === 0) return <p className={styles.quiet}>{t('eventTypes.noFields')}</p>;
  const columns: Column<SchemaRow>[] = [
    {
      id: 'path',
      header: t('eventTypes.field'),
      isRowHeader: true,
      cell: ({ path, isRequired }) => (
        <span className={styles.field}>
          <code>{path}</code>
          {isRequired && <Badge tone="info">{t('eventTypes.required')}</Badge>}
        </span>
      ),
    },
    {
      id: 'type',
      header: t('eventTypes.type'),
      cell: ({ types }) => (types.length === 0 ? t('eventTypes.anything') : <code>{types.join(' | ')}</code>),
    },
    { id: 'meaning', header: t('eventTypes.meaning'), cell: (row) => <Meaning row={row} /> },
  ];
  const hasMeaning = rows.some(({ constraints, description }) => constraints.length > 0 || description !== undefined);
  return (
    <>
      <DataTable
        caption={t('eventTypes.payload')}
        columns={hasMeaning ? columns : columns.slice(0, 2)}
        rows={rows}
        keyOf={({ path }) => path}
      />
      {isCut && <p className={styles.quiet}>{t('eventTypes.moreFields')}</p>}
    </>
  );
}

function Meaning({ row: { constraints, description } }: { readonly row: SchemaRow }) {
  if (constraints.length === 0 && description === undefined) return '–';
  return (
    <span className={styles.meaning}>
      {description !== undefined && <span>{description}</span>}
      {constraints.map((constraint) => (
        <code key={constraint}>{constraint}</code>
      ))}
    </span>
  );
}
