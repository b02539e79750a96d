import type { components } from '@hookline/client';
import { useQuery } from '@tanstack/react-query';
import { Radio } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { api, ok } from '../../../api/client.js';
import { useFormats } from '../../../i18n/formats.js';
import { LinkButton } from '../../../ui/button.js';
import { type Column, DataTable } from '../../../ui/data-table.js';
import { DeliveryStatus } from '../../../ui/delivery-status.js';
import { EmptyState } from '../../../ui/empty-state.js';
import { Section } from '../../../ui/page.js';
import { QueryView } from '../../../ui/query-view.js';
import { RelativeTime } from '../../../ui/time.js';
import type { VersionedWebhook } from '../queries.js';

type Delivery = components['schemas']['DeliveryList']['data'][number];
const LATEST = 15;

/** A webhook's latest deliveries. */
export function DeliveriesTab({ webhook }: VersionedWebhook) {
  const { t } = useTranslation();
  const formats = useFormats();
  const query = useQuery({
    queryKey: ['deliveries', 'of', webhook.id],
    queryFn: async ({ signal }) => {
      const params = { query: { webhook_id: webhook.id, limit: LATEST } };
      return ok(await api.GET('/v1/deliveries', { params, signal }));
    },
  });
  const columns: readonly Column<Delivery>[] = [
    {
      id: 'type',
      header: t('webhooks.eventType'),
      isRowHeader: true,
      cell: ({ id, event_type }) => (
        <Link href={`/deliveries/${id}`} className="mono">
          {event_type}
        </Link>
      ),
    },
    { id: 'status', header: t('webhooks.status'), cell: ({ status }) => <DeliveryStatus status={status} /> },
    {
      id: 'answer',
      header: t('webhooks.answer'),
      cell: ({ response_status, error_code }) => (
        <code>{[response_status, error_code].filter((part) => part !== null).join(' ') || '–'}</code>
      ),
    },
    {
      id: 'took',
      header: t('webhooks.took'),
      align: 'end',
      cell: ({ response_time_ms }) => formats.milliseconds(response_time_ms),
    },
    { id: 'made', header: t('webhooks.made'), cell: ({ created_at }) => <RelativeTime iso={created_at} /> },
  ];
  return (
    <Section
      title={t('webhooks.latestDeliveries')}
      actions={
        <LinkButton look="secondary" href={`/deliveries?webhook_id=${webhook.id}`}>
          {t('webhooks.allDeliveries')}
        </LinkButton>
      }
    >
      <QueryView query={query}>
        {({ data }) =>
          data.length === 0 ? (
            <EmptyState icon={Radio} title={t('webhooks.noDeliveries')}>
              {t('webhooks.noDeliveriesText')}
            </EmptyState>
          ) : (
            <DataTable caption={t('webhooks.latestDeliveries')} columns={columns} rows={data} keyOf={({ id }) => id} />
          )
        }
      </QueryView>
    </Section>
  );
}
