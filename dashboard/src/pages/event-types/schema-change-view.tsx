import { CircleAlert, CircleCheck, LoaderCircle } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { tell } from '../../api/problem.js';
import { Findings } from '../../ui/findings.js';
import { DateTime } from '../../ui/time.js';
import styles from './event-types.module.css';
import type { SchemaChange, useSchemaChange } from './schema-change.js';

/** What a new schema breaks, in words. */
export function SchemaChangeView({ checked }: { readonly checked: ReturnType<typeof useSchemaChange> }) {
  const { t } = useTranslation();
  const { isChanged, isChecking, change, error } = checked;
  if (!isChanged && !isChecking) return null;
  if (error !== null) return <Refused error={error} />;
  const isBroken = (change?.broken ?? 0) > 0;
  const Icon = isChecking || !change ? LoaderCircle : isBroken ? CircleAlert : CircleCheck;
  const state = isChecking || !change ? 'checking' : isBroken ? 'broken' : 'fine';
  return (
    <div className={styles.change} data-state={state}>
      <p role="status" className={styles.verdict}>
        <Icon aria-hidden size={16} />
        <span>{state === 'checking' || !change ? t('eventTypes.change.checking') : <Told change={change} />}</span>
      </p>
      {state === 'broken' && change && <Examples change={change} />}
    </div>
  );
}

function Told({ change: { checked, broken } }: { readonly change: SchemaChange }) {
  const { t } = useTranslation();
  if (checked === 0) return t('eventTypes.change.nothing');
  return broken === 0
    ? t('eventTypes.change.fine', { count: checked })
    : t('eventTypes.change.broken', { count: checked, broken });
}

function Examples({ change }: { readonly change: SchemaChange }) {
  return (
    <ul className={styles.broken}>
      {change.examples.map(({ event_id: id, created_at: at, errors }) => (
        <li key={id}>
          <span className={styles.quiet}>
            <DateTime iso={at} /> · <code>{id}</code>
          </span>
          <ul className={styles.findings}>
            {errors.map(({ pointer, detail }) => (
              <li key={`${pointer} ${detail}`}>
                <code>{pointer.replace(/^\/payload/, '') || '/'}</code> {detail}
              </li>
            ))}
          </ul>
        </li>
      ))}
    </ul>
  );
}

function Refused({ error }: { readonly error: unknown }) {
  const { message, hint, findings } = tell(error);
  return (
    <div className={styles.change} data-state="broken">
      <p role="status" className={styles.verdict}>
        <CircleAlert aria-hidden size={16} />
        <span>{message}</span>
      </p>
      {hint !== undefined && <p className={styles.quiet}>{hint}</p>}
      <Findings findings={findings} />
    </div>
  );
}
