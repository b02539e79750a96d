import { useTranslation } from 'react-i18next';
import { Input, Field as LabelledField, TextArea } from '../../../ui/field.js';
import type { ChangeDraft, Field, SettingsDraft } from './draft.js';
import { remarkOn } from './mistakes.js';

export interface FieldsProps {
  readonly draft: SettingsDraft;
  readonly change: ChangeDraft;
  /** What is wrong with a field, in words. */
  readonly errorOf: (field: Field) => string | undefined;
}

/** Name, URL and description. */
export function BasicFields({ draft, change, errorOf }: FieldsProps) {
  const { t } = useTranslation();
  const remark = remarkOn(draft.url);
  return (
    <>
      <LabelledField label={t('webhooks.fields.name')} hint={t('webhooks.hints.name')} error={errorOf('name')}>
        {(control) => (
          <Input
            {...control}
            required
            maxLength={255}
            autoComplete="off"
            value={draft.name}
            onChange={({ target }) => change({ name: target.value })}
          />
        )}
      </LabelledField>
      <LabelledField
        label={t('webhooks.fields.url')}
        hint={t(remark === undefined ? 'webhooks.hints.url' : `webhooks.remarks.${remark}`)}
        error={errorOf('url')}
      >
        {(control) => (
          <Input
            {...control}
            required
            type="url"
            inputMode="url"
            autoComplete="off"
            spellCheck={false}
            placeholder="https://api.example.com/webhooks"
            value={draft.url}
            onChange={({ target }) => change({ url: target.value })}
          />
        )}
      </LabelledField>
      <LabelledField label={t('webhooks.fields.description')} error={errorOf('description')}>
        {(control) => (
          <TextArea
            {...control}
            rows={2}
            value={draft.description}
            onChange={({ target }) => change({ description: target.value })}
          />
        )}
      </LabelledField>
    </>
  );
}
