import { useMutation } from '@tanstack/react-query';
import { GitCompareArrows, RotateCw } from 'lucide-react';
import { type FormEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { api, ok } from '../../../api/client.js';
import { tell } from '../../../api/problem.js';
import { queries } from '../../../api/queries.js';
import { useMayWrite } from '../../../session/session-context.js';
import { Button, LinkButton } from '../../../ui/button.js';
import { Section } from '../../../ui/page.js';
import { ProblemNotice } from '../../../ui/problem-notice.js';
import { say } from '../../../ui/say.js';
import { Advice } from '../detail/advice.js';
import { refreshWebhook, type VersionedWebhook } from '../queries.js';
import styles from '../webhooks.module.css';
import { AdvancedFields } from './advanced-fields.js';
import { BasicFields } from './basic-fields.js';
import { changesOf, draftOf } from './draft.js';
import { focusFirstError } from './focus-first-error.js';
import { useSettings } from './use-settings.js';

/** Changes the settings of the version that was read first: of one that somebody changed meanwhile it says so. */
export function EditForm(latest: VersionedWebhook) {
  const { t } = useTranslation();
  const mayWrite = useMayWrite();
  const [, navigate] = useLocation();
  const form = useRef<HTMLFormElement>(null);
  const [base, setBase] = useState(latest);
  const before = draftOf(base.webhook);
  const { id } = base.webhook;
  const saving = useMutation({
    mutationFn: async () => {
      const changes = changesOf(settings.draft, before);
      if (Object.keys(changes).length === 0) return;
      const params = { path: { webhook_id: id }, header: { 'if-match': base.etag } };
      ok(await api.PATCH('/v1/webhooks/{webhook_id}', { params, body: changes }));
    },
    onSuccess: () => {
      void refreshWebhook(id);
      say(t('webhooks.saved'));
      navigate(`/webhooks/${id}?tab=settings`);
    },
    onError: () => focusFirstError(form.current),
  });
  const settings = useSettings(before, saving.error);
  const isStale = saving.error !== null && tell(saving.error).code === 'version_changed';

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (settings.check()) saving.mutate();
    else focusFirstError(form.current);
  }

  async function reload(): Promise<void> {
    await queries.refetchQueries({ queryKey: ['webhook', id], exact: true });
    const now = queries.getQueryData<VersionedWebhook>(['webhook', id]) ?? latest;
    setBase(now);
    settings.reset(draftOf(now.webhook));
    saving.reset();
  }

  return (
    <form ref={form} className={styles.stack} noValidate onSubmit={submit}>
      <Section title={t('webhooks.parts.endpoint')}>
        <BasicFields {...settings} />
        {settings.draft.url !== before.url && <p className={styles.muted}>{t('webhooks.urlChanges')}</p>}
      </Section>
      <Section title={t('webhooks.parts.advanced')}>
        <AdvancedFields {...settings} />
      </Section>
      {isStale ? (
        <div role="alert">
          <Advice
            tone="warn"
            icon={GitCompareArrows}
            title={t('webhooks.stale')}
            action={
              <Button look="secondary" icon={RotateCw} onClick={() => void reload()}>
                {t('webhooks.reload')}
              </Button>
            }
          >
            {t('webhooks.staleText')}
          </Advice>
        </div>
      ) : (
        saving.error !== null && <ProblemNotice error={saving.error} />
      )}
      <div className={styles.row}>
        {mayWrite ? (
          <Button type="submit" busy={saving.isPending}>
            {t('app.save')}
          </Button>
        ) : (
          <p>{t('app.readOnlyReason')}</p>
        )}
        <LinkButton look="secondary" href={`/webhooks/${id}`}>
          {t('app.cancel')}
        </LinkButton>
      </div>
    </form>
  );
}
