import { Plus, Trash2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button, IconButton } from '../../../ui/button.js';
import { Input } from '../../../ui/field.js';
import shared from '../webhooks.module.css';
import styles from './header-fields.module.css';

export interface HeaderRow {
  readonly id: number;
  readonly name: string;
  readonly value: string;
}

interface HeaderFieldsProps {
  readonly rows: readonly HeaderRow[];
  readonly onChange: (rows: readonly HeaderRow[]) => void;
}

/** The headers that rows stand for; rows without a name are left out. */
export function headersOf(rows: readonly HeaderRow[]): Record<string, string> {
  return Object.fromEntries(rows.flatMap(({ name, value }) => (name.trim() ? [[name.trim(), value.trim()]] : [])));
}

/** Names and values of custom headers, a row each. */
export function HeaderFields({ rows, onChange }: HeaderFieldsProps) {
  const { t } = useTranslation();
  const change = (id: number, changes: Partial<HeaderRow>): void =>
    onChange(rows.map((row) => (row.id === id ? { ...row, ...changes } : row)));
  return (
    <div className={shared.stack}>
      {rows.map(({ id, name, value }, index) => (
        <div key={id} className={styles.header}>
          <Input
            aria-label={t('webhooks.headers.nameOf', { number: index + 1 })}
            placeholder="Authorization"
            spellCheck={false}
            autoComplete="off"
            value={name}
            onChange={({ target }) => change(id, { name: target.value })}
          />
          <Input
            aria-label={t('webhooks.headers.valueOf', { number: index + 1 })}
            placeholder="Bearer …"
            spellCheck={false}
            autoComplete="off"
            value={value}
            onChange={({ target }) => change(id, { value: target.value })}
          />
          <IconButton
            icon={Trash2}
            label={t('webhooks.headers.remove', { number: index + 1 })}
            onClick={() => onChange(rows.filter((row) => row.id !== id))}
          />
        </div>
      ))}
      <div>
        <Button
          look="secondary"
          icon={Plus}
          onClick={() =>
            onChange([...rows, { id: 1 + Math.max(0, ...rows.map((row) => row.id)), name: '', value: '' }])
          }
        >
          {t('webhooks.headers.add')}
        </Button>
      </div>
    </div>
  );
}
