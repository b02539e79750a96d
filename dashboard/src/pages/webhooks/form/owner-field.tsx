import { useTranslation } from 'react-i18next';
import { Field, Input } from '../../../ui/field.js';

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** The user that a text names: by UUID, else by the id that the application has. */
export function ownerOf(text: string): { user_id?: string; external_user_id?: string } {
  const name = text.trim();
  if (name === '') return {};
  return UUID.test(name) ? { user_id: name } : { external_user_id: name };
}

interface OwnerFieldProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly error: string | undefined;
}

/** Whose a webhook is; the operator alone says it. */
export function OwnerField({ value, onChange, error }: OwnerFieldProps) {
  const { t } = useTranslation();
  return (
    <Field label={t('webhooks.owner')} hint={t('webhooks.hints.owner')} error={error}>
      {(control) => (
        <Input
          {...control}
          required
          spellCheck={false}
          autoComplete="off"
          value={value}
          onChange={({ target }) => onChange(target.value)}
        />
      )}
    </Field>
  );
}
