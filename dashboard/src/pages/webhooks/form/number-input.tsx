import { useTranslation } from 'react-i18next';
import { useFormats } from '../../../i18n/formats.js';
import { Field, Input } from '../../../ui/field.js';
import type { FieldsProps } from './basic-fields.js';
import { type NumberField, RANGES } from './draft.js';

interface NumberInputProps extends FieldsProps {
  readonly field: NumberField;
  readonly isOptional?: boolean;
}

/** A setting that is a whole number; the range stands in its hint. */
export function NumberInput({ field, isOptional = false, draft, change, errorOf }: NumberInputProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  const [min, max] = RANGES[field];
  return (
    <Field
      label={t(`webhooks.fields.${field}`)}
      hint={t(`webhooks.hints.${field}`, { min, max: formats.number(max) })}
      error={errorOf(field)}
    >
      {(control) => (
        <Input
          {...control}
          inputMode="numeric"
          autoComplete="off"
          placeholder={isOptional ? t('webhooks.noLimit') : undefined}
          value={draft[field]}
          onChange={({ target }) => change({ [field]: target.value })}
        />
      )}
    </Field>
  );
}
