import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ok } from '../../../api/client.js';
import { useFormats } from '../../../i18n/formats.js';
import { Button } from '../../../ui/button.js';
import { Dialog } from '../../../ui/dialog.js';
import { Field, Select } from '../../../ui/field.js';
import { ProblemNotice } from '../../../ui/problem-notice.js';
import { refreshWebhook, type Webhook } from '../queries.js';
import { SecretValue } from './secret-value.js';

const OVERLAPS = [0, 3_600, 86_400, 604_800, 2_592_000] as const;
const DEFAULT_OVERLAP = 86_400;

interface RotateDialogProps {
  readonly webhook: Webhook;
  readonly onRotated: (secret: string) => void;
  readonly onClose: () => void;
}

/** Gives a webhook a new secret, and shows it. */
export function RotateDialog({ webhook, onRotated, onClose }: RotateDialogProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  const [overlap, setOverlap] = useState<number>(DEFAULT_OVERLAP);
  const rotating = useMutation({
    mutationFn: async () => {
      const params = { path: { webhook_id: webhook.id } };
      const body = { overlap_seconds: overlap };
      return ok(await api.POST('/v1/webhooks/{webhook_id}/secret/rotate', { params, body }));
    },
    onSuccess: async ({ secret }) => {
      onRotated(secret);
      await refreshWebhook(webhook.id);
    },
    gcTime: 0,
  });
  const rotated = rotating.data;
  return (
    <Dialog
      title={t('webhooks.rotate')}
      isOpen
      onClose={onClose}
      actions={
        rotated === undefined ? (
          <>
            <Button look="secondary" onClick={onClose}>
              {t('app.cancel')}
            </Button>
            <Button
              look={overlap === 0 ? 'danger' : 'primary'}
              busy={rotating.isPending}
              onClick={() => rotating.mutate()}
            >
              {t('webhooks.rotate')}
            </Button>
          </>
        ) : (
          <Button onClick={onClose}>{t('app.close')}</Button>
        )
      }
    >
      {rotated === undefined ? (
        <>
          <p>{t('webhooks.rotateText')}</p>
          <Field
            label={t('webhooks.overlapFor')}
            hint={t(overlap === 0 ? 'webhooks.overlapNone' : 'webhooks.overlapHint')}
          >
            {(control) => (
              <Select {...control} value={overlap} onChange={({ target }) => setOverlap(Number(target.value))}>
                {OVERLAPS.map((seconds) => (
                  <option key={seconds} value={seconds}>
                    {seconds === 0 ? t('webhooks.atOnce') : formats.duration(seconds)}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          {rotating.error !== null && <ProblemNotice error={rotating.error} />}
        </>
      ) : (
        <>
          <p role="status">{t('webhooks.rotated')}</p>
          <SecretValue secret={rotated.secret} />
        </>
      )}
    </Dialog>
  );
}
