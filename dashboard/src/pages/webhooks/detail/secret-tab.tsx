import { useMutation } from '@tanstack/react-query';
import { Eye, EyeOff, Hourglass, RefreshCw } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ok } from '../../../api/client.js';
import { useFormats } from '../../../i18n/formats.js';
import { useMayWrite } from '../../../session/session-context.js';
import { Button } from '../../../ui/button.js';
import { ConfirmDialog } from '../../../ui/confirm-dialog.js';
import { Section } from '../../../ui/page.js';
import { ProblemNotice } from '../../../ui/problem-notice.js';
import { say } from '../../../ui/say.js';
import { VerificationCode } from '../code/verification-code.js';
import { refreshWebhook, type VersionedWebhook } from '../queries.js';
import styles from '../webhooks.module.css';
import { Advice } from './advice.js';
import { PublicKeys } from './public-keys.js';
import { RotateDialog } from './rotate-dialog.js';
import { SecretValue } from './secret-value.js';

/** The secret, shown when it is asked for, its rotation, and the code that checks deliveries with it. */
export function SecretTab({ webhook }: VersionedWebhook) {
  const { t } = useTranslation();
  const formats = useFormats();
  const mayWrite = useMayWrite();
  const [secret, setSecret] = useState<string>();
  const [dialog, setDialog] = useState<'rotate' | 'end'>();
  const params = { path: { webhook_id: webhook.id } };
  const reading = useMutation({
    mutationFn: async () => ok(await api.GET('/v1/webhooks/{webhook_id}/secret', { params })),
    onSuccess: (read) => setSecret(read.secret),
    gcTime: 0,
  });
  const overlap = webhook.secret_overlap_ends_at;

  async function endOverlap(): Promise<void> {
    ok(await api.POST('/v1/webhooks/{webhook_id}/secret/end-overlap', { params }));
    await refreshWebhook(webhook.id);
    say(t('webhooks.overlapEnded'));
  }

  return (
    <>
      <Section
        title={t('webhooks.secret')}
        actions={
          mayWrite && (
            <Button look="secondary" icon={RefreshCw} onClick={() => setDialog('rotate')}>
              {t('webhooks.rotate')}
            </Button>
          )
        }
      >
        <p className={styles.muted}>{t(mayWrite ? 'webhooks.secretLead' : 'app.readOnlyReason')}</p>
        {secret !== undefined && <SecretValue secret={secret} />}
        {mayWrite && (
          <div className={styles.row}>
            {secret === undefined ? (
              <Button look="secondary" icon={Eye} busy={reading.isPending} onClick={() => reading.mutate()}>
                {t('webhooks.showSecret')}
              </Button>
            ) : (
              <Button look="secondary" icon={EyeOff} onClick={() => setSecret(undefined)}>
                {t('webhooks.hideSecret')}
              </Button>
            )}
          </div>
        )}
        {reading.error !== null && <ProblemNotice error={reading.error} />}
        {overlap !== null && (
          <Advice
            tone="info"
            icon={Hourglass}
            title={t('webhooks.overlap')}
            action={
              mayWrite && (
                <Button look="secondary" onClick={() => setDialog('end')}>
                  {t('webhooks.endOverlap')}
                </Button>
              )
            }
          >
            {t('webhooks.overlapText', { until: formats.dateTime(overlap) })}
          </Advice>
        )}
      </Section>
      <Section title={t('webhooks.code.title')}>
        <VerificationCode />
      </Section>
      <PublicKeys webhook={webhook} />
      {dialog === 'rotate' && (
        <RotateDialog webhook={webhook} onRotated={setSecret} onClose={() => setDialog(undefined)} />
      )}
      <ConfirmDialog
        title={t('webhooks.endOverlap')}
        isOpen={dialog === 'end'}
        onClose={() => setDialog(undefined)}
        confirm={t('webhooks.endOverlap')}
        isDanger
        onConfirm={endOverlap}
      >
        {t('webhooks.endOverlapText')}
      </ConfirmDialog>
    </>
  );
}
