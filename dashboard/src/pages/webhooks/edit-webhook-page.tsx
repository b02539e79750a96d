import { useTranslation } from 'react-i18next';
import { useParams } from 'wouter';
import { BackLink } from '../../ui/back-link.js';
import { Page } from '../../ui/page.js';
import { QueryView } from '../../ui/query-view.js';
import { EditForm } from './form/edit-form.js';
import { useWebhook } from './queries.js';

export function EditWebhookPage() {
  const { t } = useTranslation();
  const { id = '' } = useParams<{ id: string }>();
  const query = useWebhook(id);
  const name = query.data?.webhook.name ?? '…';
  return (
    <Page title={t('webhooks.editTitle', { name })} above={<BackLink href={`/webhooks/${id}`}>{name}</BackLink>}>
      <QueryView query={query}>{(versioned) => <EditForm {...versioned} />}</QueryView>
    </Page>
  );
}
