import { useMutation } from '@tanstack/react-query';
import { FlaskConical, Pause, Pencil, Play, Repeat, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { api, ok } from '../../../api/client.js';
import { afterDeletion } from '../../../api/queries.js';
import { useMayWrite } from '../../../session/session-context.js';
import { Button, IconButton, LinkButton } from '../../../ui/button.js';
import { ConfirmDialog } from '../../../ui/confirm-dialog.js';
import { ProblemNotice } from '../../../ui/problem-notice.js';
import { say } from '../../../ui/say.js';
import { BulkReplayDialog } from '../../deliveries/bulk-replay-dialog.js';
import { refreshWebhook, type Webhook } from '../queries.js';
import { SendTest } from './send-test.js';

/** What can be done with a webhook. Nothing for a session that only reads. */
export function Actions({ webhook }: { readonly webhook: Webhook }) {
  const { t } = useTranslation();
  const [, navigate] = useLocation();
  const [isDeleting, setIsDeleting] = useState(false);
  const [isReplaying, setIsReplaying] = useState(false);
  const params = { path: { webhook_id: webhook.id } };
  const switching = useMutation({
    mutationFn: async () => {
      const body = { is_active: !webhook.is_active };
      return ok(await api.PATCH('/v1/webhooks/{webhook_id}', { params, body }));
    },
    onSuccess: async ({ is_active }) => {
      await refreshWebhook(webhook.id);
      say(t(is_active ? 'webhooks.activated' : 'webhooks.paused'));
    },
  });
  if (!useMayWrite()) return null;

  async function remove(): Promise<void> {
    ok(await api.DELETE('/v1/webhooks/{webhook_id}', { params }));
    navigate('/webhooks');
    afterDeletion(['webhook', webhook.id], ['webhooks']);
    say(t('webhooks.deleted', { name: webhook.name }));
  }

  return (
    <>
      <SendTest webhook={webhook} />
      <LinkButton look="secondary" icon={FlaskConical} href={`/try?webhook=${webhook.id}`}>
        {t('nav.try')}
      </LinkButton>
      <Button
        look="secondary"
        icon={webhook.is_active ? Pause : Play}
        busy={switching.isPending}
        onClick={() => switching.mutate()}
      >
        {t(webhook.is_active ? 'webhooks.pause' : 'webhooks.activate')}
      </Button>
      <Button look="secondary" icon={Repeat} onClick={() => setIsReplaying(true)}>
        {t('webhooks.replay')}
      </Button>
      <LinkButton look="secondary" icon={Pencil} href={`/webhooks/${webhook.id}/edit`}>
        {t('webhooks.edit')}
      </LinkButton>
      <IconButton icon={Trash2} label={t('webhooks.delete')} onClick={() => setIsDeleting(true)} />
      {switching.error !== null && <ProblemNotice error={switching.error} />}
      {isReplaying && <BulkReplayDialog webhookId={webhook.id} isOfWebhook onClose={() => setIsReplaying(false)} />}
      <ConfirmDialog
        title={t('webhooks.deleteTitle', { name: webhook.name })}
        isOpen={isDeleting}
        onClose={() => setIsDeleting(false)}
        confirm={t('webhooks.deleteForGood')}
        isDanger
        typed={webhook.name}
        onConfirm={remove}
      >
        {t('webhooks.deleteText', { count: webhook.total_deliveries })}
      </ConfirmDialog>
    </>
  );
}
