import { useMutation } from '@tanstack/react-query';
import { Power, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { api, ok } from '../../api/client.js';
import { afterDeletion } from '../../api/queries.js';
import { Button } from '../../ui/button.js';
import { ConfirmDialog } from '../../ui/confirm-dialog.js';
import { Section } from '../../ui/page.js';
import { ProblemNotice } from '../../ui/problem-notice.js';
import { say } from '../../ui/say.js';
import { forgetEventTypes, type ReadEventType } from './event-type.js';
import styles from './event-types.module.css';

/** What the operator does with an event type as a whole: switches it off and on, deletes it. */
export function EventTypeActions({ read: { type, etag } }: { readonly read: ReadEventType }) {
  const { t } = useTranslation();
  const [, navigate] = useLocation();
  const [isDeleting, setIsDeleting] = useState(false);
  const { event_type: name, is_enabled: isEnabled } = type;
  const params = { path: { event_type: name }, header: { 'if-match': etag } };
  const switching = useMutation({
    mutationFn: async () =>
      ok(await api.PATCH('/v1/event-types/{event_type}', { params, body: { is_enabled: !isEnabled } })),
    onSuccess: () => {
      say(t(isEnabled ? 'eventTypes.isDisabled' : 'eventTypes.isEnabled', { name }));
      return forgetEventTypes();
    },
  });
  async function remove(): Promise<void> {
    ok(await api.DELETE('/v1/event-types/{event_type}', { params }));
    say(t('eventTypes.isDeleted', { name }));
    navigate('/event-types', { replace: true });
    afterDeletion(['event-types', 'one', name], ['event-types']);
  }
  return (
    <Section title={t('eventTypes.manage')}>
      <div className={styles.manage}>
        <p className={styles.quiet}>{t(isEnabled ? 'eventTypes.disableText' : 'eventTypes.enableText')}</p>
        <Button look="secondary" icon={Power} busy={switching.isPending} onClick={() => switching.mutate()}>
          {t(isEnabled ? 'eventTypes.disable' : 'eventTypes.enable')}
        </Button>
      </div>
      {switching.isError && <ProblemNotice error={switching.error} retry={() => forgetEventTypes()} />}
      <div className={styles.manage}>
        <p className={styles.quiet}>{t('eventTypes.deleteText')}</p>
        <Button look="danger" icon={Trash2} onClick={() => setIsDeleting(true)}>
          {t('eventTypes.delete')}
        </Button>
      </div>
      <ConfirmDialog
        title={t('eventTypes.deleteTitle', { name })}
        isOpen={isDeleting}
        onClose={() => setIsDeleting(false)}
        confirm={t('eventTypes.delete')}
        isDanger
        onConfirm={remove}
      >
        {t('eventTypes.deleteConfirm')}
      </ConfirmDialog>
    </Section>
  );
}
