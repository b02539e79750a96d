import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { JsonEditor } from '../../../ui/json-editor.js';
import type { EditorFinding } from '../../../ui/json-editor-view.js';
import styles from '../webhooks.module.css';
import { filtersOf } from './filters.js';

interface FilterEditorProps {
  readonly eventType: string;
  readonly value: string;
  readonly onChange: (text: string) => void;
  readonly findings?: readonly EditorFinding[];
}

const EXAMPLE = '{"status": "completed", "duration": {"$gte": 10}}';

/** Edits which events of a type come through, and explains how that is said. */
export function FilterEditor({ eventType, value, onChange, findings = [] }: FilterEditorProps) {
  const { t } = useTranslation();
  const errorId = useId();
  const isJson = filtersOf(value) !== undefined;
  const isWrong = !isJson || findings.length > 0;
  return (
    <div className={styles.stack}>
      <p className={styles.muted}>
        {t('webhooks.filterHint')} <code>{EXAMPLE}</code>{' '}
        <Link href={`/try?tab=filter&event_type=${encodeURIComponent(eventType)}`}>{t('webhooks.tryFilter')}</Link>
      </p>
      <JsonEditor
        label={t('webhooks.filterOf', { name: eventType })}
        value={value}
        onChange={onChange}
        findings={findings}
        errorId={isWrong ? errorId : undefined}
      />
      {isWrong && (
        <div id={errorId} className={styles.stack}>
          {!isJson && (
            <p role="status" className={styles.wrong}>
              {t('webhooks.mistakes.json')}
            </p>
          )}
          {findings.map(({ pointer, detail }) => (
            <p key={`${pointer} ${detail}`} role="alert" className={styles.wrong}>
              {pointer && <code>{pointer} </code>}
              {detail}
            </p>
          ))}
        </div>
      )}
    </div>
  );
}
