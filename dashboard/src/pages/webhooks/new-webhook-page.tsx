import { Lock } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMayWrite } from '../../session/session-context.js';
import { EmptyState } from '../../ui/empty-state.js';
import { Page } from '../../ui/page.js';
import { BackToList } from './back-links.js';
import type { Created } from './form/create.js';
import { CreateForm } from './form/create-form.js';
import { CreatedView } from './form/created-view.js';

/** Makes a webhook, and then says how to go on: the secret, the code, a test event. */
export function NewWebhookPage() {
  const { t } = useTranslation();
  const mayWrite = useMayWrite();
  const [created, setCreated] = useState<Created>();
  if (created !== undefined) {
    return (
      <Page title={t('webhooks.created')} above={<BackToList />} lead={t('webhooks.createdLead')}>
        <CreatedView created={created} />
      </Page>
    );
  }
  return (
    <Page title={t('webhooks.create')} above={<BackToList />} lead={t('webhooks.createLead')}>
      {mayWrite ? (
        <CreateForm
          onCreated={(next) => {
            setCreated(next);
            scrollTo(0, 0);
          }}
        />
      ) : (
        <EmptyState icon={Lock} title={t('app.readOnly')}>
          {t('app.readOnlyReason')}
        </EmptyState>
      )}
    </Page>
  );
}
