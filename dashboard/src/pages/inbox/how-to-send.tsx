import { Inbox } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useSession } from '../../session/session-context.js';
import { CodeBlock } from '../../ui/code-block.js';
import { EmptyState } from '../../ui/empty-state.js';
import styles from './inbox.module.css';

/** In place of a list without rows: how a first webhook is sent here. */
export function HowToSend() {
  const { t } = useTranslation();
  const { user_id: userId } = useSession();
  const target = `${location.origin}/webhooks/modelriver`;
  const user = userId === null ? '' : ` --user ${userId}`;
  return (
    <div className={styles.teaching}>
      <EmptyState icon={Inbox} title={t('inbox.empty')}>
        {t('inbox.emptyText')}
      </EmptyState>
      <ol className={styles.steps}>
        <li>
          <p>{t('inbox.teach.gateway')}</p>
          <CodeBlock label={t('inbox.teach.address')} text={target} />
        </li>
        <li>
          <p>{t('inbox.teach.sim')}</p>
          <CodeBlock
            label={t('inbox.teach.command')}
            text={`npx hookline gateway-sim --to ${target} --event video.generated${user}`}
          />
          <p className={styles.quiet}>{t('inbox.teach.keys')}</p>
        </li>
      </ol>
    </div>
  );
}
