import { RotateCcw } from 'lucide-react';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.js';
import { JsonEditor } from '../../ui/json-editor.js';
import { Loading } from '../../ui/loading.js';
import { CheckLine } from './check-line.js';
import type { PayloadCheck } from './payload-check.js';
import type { PayloadDraft } from './payload-draft.js';
import styles from './payload-editor.module.css';
import shared from './try.module.css';

interface PayloadEditorProps {
  readonly label: string;
  readonly draft: PayloadDraft;
  readonly check: PayloadCheck;
}

/** The payload, what is wrong with it as it is typed, and the way back to the example. */
export function PayloadEditor({ label, draft, check }: PayloadEditorProps) {
  const { t } = useTranslation();
  const headingId = useId();
  return (
    <fieldset className={styles.payload} aria-labelledby={headingId}>
      <div className={shared.bar}>
        <h3 id={headingId}>{label}</h3>
        <Button
          look="ghost"
          icon={RotateCcw}
          disabled={draft.isExample}
          onClick={draft.isExample ? undefined : draft.reset}
        >
          {t('try.toExample')}
        </Button>
      </div>
      {draft.text === undefined ? (
        <Loading label={t('app.loading')} />
      ) : (
        <>
          <JsonEditor label={label} value={draft.text} onChange={draft.write} findings={check.findings} />
          <CheckLine check={check} />
        </>
      )}
    </fieldset>
  );
}
