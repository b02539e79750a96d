import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../../i18n/formats.js';
import { Checkbox, Input, Field as LabelledField, Select } from '../../../ui/field.js';
import { JsonEditor } from '../../../ui/json-editor.js';
import shared from '../webhooks.module.css';
import styles from './advanced-fields.module.css';
import type { FieldsProps } from './basic-fields.js';
import type { SettingsDraft } from './draft.js';
import { mistakesOf } from './mistakes.js';
import { NumberInput } from './number-input.js';
import { scheduleOf } from './schedule.js';

/** How deliveries are tried, limited, ordered and signed. */
export function AdvancedFields(props: FieldsProps) {
  const { t } = useTranslation();
  const { draft, change, errorOf } = props;
  const metadataErrorId = useId();
  const metadataError = errorOf('metadata');
  return (
    <div className={`${shared.stack} ${styles.fields}`}>
      <h3>{t('webhooks.parts.retries')}</h3>
      <Checkbox
        label={t('webhooks.fields.retry_enabled')}
        hint={t('webhooks.hints.retry_enabled')}
        checked={draft.retry_enabled}
        onChange={({ target }) => change({ retry_enabled: target.checked })}
      />
      <div className={shared.columns}>
        {draft.retry_enabled && (
          <>
            <NumberInput {...props} field="max_retries" />
            <NumberInput {...props} field="retry_delay_seconds" />
          </>
        )}
        <NumberInput {...props} field="timeout_seconds" />
      </div>
      {draft.retry_enabled && <Schedule draft={draft} />}

      <h3>{t('webhooks.parts.pace')}</h3>
      <div className={shared.columns}>
        <NumberInput {...props} field="rate_limit_per_second" isOptional />
        <NumberInput {...props} field="rate_limit_burst" isOptional />
      </div>
      <Checkbox
        label={t('webhooks.fields.is_ordered')}
        hint={t('webhooks.hints.is_ordered')}
        checked={draft.is_ordered}
        onChange={({ target }) => change({ is_ordered: target.checked })}
      />
      {draft.is_ordered && (
        <LabelledField
          label={t('webhooks.fields.ordering_key_path')}
          hint={t('webhooks.hints.ordering_key_path')}
          error={errorOf('ordering_key_path')}
        >
          {(control) => (
            <Input
              {...control}
              className="mono"
              placeholder="/customer/id"
              spellCheck={false}
              value={draft.ordering_key_path}
              onChange={({ target }) => change({ ordering_key_path: target.value })}
            />
          )}
        </LabelledField>
      )}

      <h3>{t('webhooks.parts.signing')}</h3>
      <LabelledField
        label={t('webhooks.fields.signature_algorithm')}
        hint={t('webhooks.hints.signature_algorithm')}
        error={errorOf('signature_algorithm')}
      >
        {(control) => (
          <Select
            {...control}
            className={styles.short}
            value={draft.signature_algorithm}
            onChange={({ target }) => change({ signature_algorithm: target.value === 'sha512' ? 'sha512' : 'sha256' })}
          >
            <option value="sha256">SHA-256</option>
            <option value="sha512">SHA-512</option>
          </Select>
        )}
      </LabelledField>
      <Checkbox
        label={t('webhooks.fields.sign_asymmetric')}
        hint={t('webhooks.hints.sign_asymmetric')}
        checked={draft.sign_asymmetric}
        onChange={({ target }) => change({ sign_asymmetric: target.checked })}
      />

      <h3>{t('webhooks.fields.metadata')}</h3>
      <p className={shared.muted}>{t('webhooks.hints.metadata')}</p>
      <div className={styles.metadata}>
        <JsonEditor
          label={t('webhooks.fields.metadata')}
          value={draft.metadata}
          onChange={(metadata) => change({ metadata })}
          errorId={metadataError === undefined ? undefined : metadataErrorId}
        />
      </div>
      {metadataError !== undefined && (
        <p id={metadataErrorId} role="status">
          {metadataError}
        </p>
      )}
    </div>
  );
}

/** When the retries come that these settings make. */
function Schedule({ draft }: { readonly draft: SettingsDraft }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { max_retries: retries, retry_delay_seconds: delay } = mistakesOf(draft);
  if (retries !== undefined || delay !== undefined) return null;
  const delays = scheduleOf(Number(draft.retry_delay_seconds), Number(draft.max_retries));
  if (delays.length === 0) return null;
  return (
    <p className={styles.schedule} aria-live="polite">
      {t('webhooks.schedule', {
        delays: delays.map((seconds) => formats.duration(seconds)).join(' → '),
        total: formats.duration(delays.reduce((sum, seconds) => sum + seconds, 0)),
      })}
    </p>
  );
}
