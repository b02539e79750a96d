import { useMutation } from '@tanstack/react-query';
import { CircleCheck, Filter, Pause, Play, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { api, ok } from '../../../api/client.js';
import { useMayWrite } from '../../../session/session-context.js';
import { Badge } from '../../../ui/badge.js';
import { IconButton } from '../../../ui/button.js';
import { CodeBlock } from '../../../ui/code-block.js';
import { ConfirmDialog } from '../../../ui/confirm-dialog.js';
import { ProblemNotice } from '../../../ui/problem-notice.js';
import { readable } from '../../../ui/readable.js';
import { type EventType, refreshWebhook, type Subscription } from '../queries.js';
import shared from '../webhooks.module.css';
import { FilterDialog } from './filter-dialog.js';
import styles from './subscription-row.module.css';

interface SubscriptionRowProps {
  readonly subscription: Subscription;
  readonly type: EventType | undefined;
}

/** One subscription: its filters, and what can be done with it. */
export function SubscriptionRow({ subscription, type }: SubscriptionRowProps) {
  const { t } = useTranslation();
  const mayWrite = useMayWrite();
  const [dialog, setDialog] = useState<'filter' | 'remove'>();
  const { webhook_id, event_type: name, is_active, filters } = subscription;
  const params = { path: { webhook_id, event_type: name } };
  const at = '/v1/webhooks/{webhook_id}/subscriptions/{event_type}';
  const switching = useMutation({
    mutationFn: async () => ok(await api.PATCH(at, { params, body: { is_active: !is_active } })),
    onSuccess: () => refreshWebhook(webhook_id),
  });
  return (
    <li className={styles.item}>
      <div className={styles.itemHead}>
        <div className={shared.stack}>
          <div className={shared.row}>
            <Link href={`/event-types/${encodeURIComponent(name)}`} className={`mono ${shared.eventName}`}>
              {name}
            </Link>
            <Badge tone={is_active ? 'good' : 'neutral'} icon={is_active ? CircleCheck : Pause}>
              {t(is_active ? 'webhooks.states.active' : 'webhooks.states.inactive')}
            </Badge>
            {type?.is_enabled === false && <Badge tone="warn">{t('webhooks.disabledType')}</Badge>}
          </div>
          <p className={shared.muted}>{filters === null ? t('webhooks.everyEvent') : t('webhooks.filteredEvents')}</p>
        </div>
        {mayWrite && (
          <div className={shared.row}>
            <IconButton icon={Filter} label={t('webhooks.editFilter', { name })} onClick={() => setDialog('filter')} />
            <IconButton
              icon={is_active ? Pause : Play}
              label={t(is_active ? 'webhooks.pauseOne' : 'webhooks.resumeOne', { name })}
              busy={switching.isPending}
              onClick={() => switching.mutate()}
            />
            <IconButton icon={Trash2} label={t('webhooks.unsubscribe', { name })} onClick={() => setDialog('remove')} />
          </div>
        )}
      </div>
      {filters !== null && <CodeBlock label={t('webhooks.filterOf', { name })} text={readable(filters)} />}
      {switching.error !== null && <ProblemNotice error={switching.error} />}
      {dialog === 'filter' && <FilterDialog subscription={subscription} onClose={() => setDialog(undefined)} />}
      <ConfirmDialog
        title={t('webhooks.unsubscribe', { name })}
        isOpen={dialog === 'remove'}
        onClose={() => setDialog(undefined)}
        confirm={t('webhooks.unsubscribeConfirm')}
        isDanger
        onConfirm={async () => {
          ok(await api.DELETE(at, { params }));
          await refreshWebhook(webhook_id);
        }}
      >
        {t('webhooks.unsubscribeText')}
      </ConfirmDialog>
    </li>
  );
}
