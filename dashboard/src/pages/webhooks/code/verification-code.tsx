import { useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { remembered } from '../../../app/remembered.js';
import { CodeBlock } from '../../../ui/code-block.js';
import { Field, Input, Select } from '../../../ui/field.js';
import styles from '../webhooks.module.css';
import { LANGUAGES, type Language, useSnippet } from './languages.js';

const choice = remembered<Language>('hookline.code', Object.keys(LANGUAGES) as Language[], 'client');
const DEFAULT_VARIABLE = 'WEBHOOK_SECRET';

/** Code that an endpoint checks deliveries with, in the user's language. It reads the secret from the environment, under the name that is typed here. */
export function VerificationCode() {
  const { t } = useTranslation();
  const language = useSyncExternalStore(choice.subscribe, choice.get);
  const [variable, setVariable] = useState(DEFAULT_VARIABLE);
  const snippet = useSnippet(language);
  const isName = /^[A-Za-z_]\w*$/.test(variable);
  return (
    <div className={styles.stack}>
      <p className={styles.muted}>{t('webhooks.code.lead')}</p>
      <div className={styles.columns}>
        <Field label={t('webhooks.code.language')}>
          {(control) => (
            <Select {...control} value={language} onChange={({ target }) => choice.set(target.value as Language)}>
              {Object.entries(LANGUAGES).map(([id, { name }]) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label={t('webhooks.code.variable')} error={isName ? undefined : t('webhooks.code.variableWrong')}>
          {(control) => (
            <Input
              {...control}
              className="mono"
              spellCheck={false}
              autoComplete="off"
              value={variable}
              onChange={({ target }) => setVariable(target.value)}
            />
          )}
        </Field>
      </div>
      <p className={styles.muted}>{t(`webhooks.code.notes.${LANGUAGES[language].note}`)}</p>
      {snippet !== undefined && (
        <CodeBlock
          label={t('webhooks.code.label', { language: LANGUAGES[language].name })}
          text={snippet.replaceAll(DEFAULT_VARIABLE, isName ? variable : DEFAULT_VARIABLE)}
        />
      )}
    </div>
  );
}
