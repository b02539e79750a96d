import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Field, Input } from '../../ui/field.js';
import styles from './operator.module.css';

/** After the last key: every search walks over users. */
const PAUSE_MS = 300;

interface TenantSearchProps {
  readonly value: string;
  readonly onSearch: (search: string) => void;
}

/** Searches as one types, and at once at Enter. */
export function TenantSearch({ value, onSearch }: TenantSearchProps) {
  const { t } = useTranslation();
  const [text, setText] = useState(value);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => setText((typed) => (typed.trim() === value ? typed : value)), [value]);
  useEffect(() => () => clearTimeout(timer.current), []);

  function searchFor(wanted: string, afterMs: number): void {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => onSearch(wanted.trim()), afterMs);
  }

  return (
    <search>
      <form
        className={styles.search}
        onSubmit={(event) => {
          event.preventDefault();
          searchFor(text, 0);
        }}
      >
        <Field label={t('operator.tenants.search')} hint={t('operator.tenants.searchHint')}>
          {(control) => (
            <Input
              {...control}
              type="search"
              autoComplete="off"
              spellCheck={false}
              maxLength={255}
              value={text}
              onChange={(event) => {
                setText(event.target.value);
                searchFor(event.target.value, PAUSE_MS);
              }}
            />
          )}
        </Field>
      </form>
    </search>
  );
}
