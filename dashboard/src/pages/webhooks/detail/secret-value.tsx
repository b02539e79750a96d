import { useTranslation } from 'react-i18next';
import { CopyButton } from '../../../ui/copy-button.js';
import styles from './secret-value.module.css';

/** The secret in the form of Standard Webhooks, which libraries of many languages take: the base64 of its bytes. One brought from elsewhere has it. */
function whsec(secret: string): string {
  if (secret.startsWith('whsec_')) return secret;
  return `whsec_${btoa(String.fromCharCode(...new TextEncoder().encode(secret)))}`;
}

/** A secret, to be copied as it is or as other libraries want it. */
export function SecretValue({ secret }: { readonly secret: string }) {
  const { t } = useTranslation();
  return (
    <div className={styles.secret}>
      <code>{secret}</code>
      <CopyButton text={secret} what={t('webhooks.secret')} label={t('webhooks.copySecret')} />
      <CopyButton text={whsec(secret)} what="whsec_" label={t('webhooks.copyWhsec')} />
    </div>
  );
}
