import { useTranslation } from 'react-i18next';
import { CodeBlock } from '../../../ui/code-block.js';
import { Section } from '../../../ui/page.js';
import type { Webhook } from '../queries.js';
import styles from '../webhooks.module.css';

/** Where the public keys are that a webhook with asymmetric signatures is verified with. */
export function PublicKeys({ webhook }: { readonly webhook: Webhook }) {
  const { t } = useTranslation();
  return (
    <Section title={t('webhooks.publicKeys')}>
      <p className={styles.muted}>{t(webhook.sign_asymmetric ? 'webhooks.publicKeysOn' : 'webhooks.publicKeysOff')}</p>
      {webhook.sign_asymmetric && (
        <CodeBlock label={t('webhooks.publicKeys')} text={new URL('/.well-known/webhook-keys', location.origin).href} />
      )}
    </Section>
  );
}
