import { useTranslation } from 'react-i18next';
import { Definitions } from '../../ui/definitions.js';
import { Section } from '../../ui/page.js';
import { RelativeTime } from '../../ui/time.js';
import type { Content } from './contents.js';
import styles from './inbox.module.css';
import { Reason } from './reason.js';
import { CallbackBadge } from './states.js';

/** The callback to the gateway: how it stands, and what that means. */
export function CallbackSection({ content }: { readonly content: Content }) {
  const { t } = useTranslation();
  const { callback_state: state, callback_error: error, callback_next_at: next, callback_expires_at: end } = content;
  return (
    <Section title={t('inbox.callback')} actions={<CallbackBadge state={state} />}>
      <p className={styles.quiet}>{t(`inbox.callbackMeans.${state ?? 'none'}`)}</p>
      {state !== null && (
        <Definitions
          items={[
            [t('inbox.tried'), t('inbox.attempts', { count: content.callback_attempts })],
            ...(state === 'pending' && next !== null
              ? [[t('inbox.nextTry'), <RelativeTime key="next" iso={next} />] as const]
              : []),
            ...(state === 'pending' && end !== null
              ? [[t('inbox.takenUntil'), <RelativeTime key="end" iso={end} />] as const]
              : []),
            ...(error === null ? [] : [[t('inbox.why'), <Reason key="why" code={error} />] as const]),
            ...(content.callback_url === null
              ? []
              : [[t('inbox.callbackUrl'), <code key="url">{content.callback_url}</code>] as const]),
          ]}
        />
      )}
    </Section>
  );
}
