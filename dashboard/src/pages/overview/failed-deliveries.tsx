import type { components } from '@hookline/client';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { api, ok } from '../../api/client.js';
import { useFormats } from '../../i18n/formats.js';
import { type Column, DataTable } from '../../ui/data-table.js';
import { QueryView } from '../../ui/query-view.js';
import { RelativeTime } from '../../ui/time.js';
import styles from './overview.module.css';

const SHOWN = 5;
type Delivery = components['schemas']['DeliverySummary'];

/** The deliveries that were the last to be made of those that failed, and why. */
export function FailedDeliveries() {
  const { t } = useTranslation();
  const formats = useFormats();
  const query = useQuery({
    queryKey: ['deliveries', 'newest-failed'],
    queryFn: async ({ signal }) =>
      ok(await api.GET('/v1/deliveries', { params: { query: { status: 'failed', limit: SHOWN } }, signal })),
  });
  const columns: Column<Delivery>[] = [
    {
      id: 'delivery',
      header: t('overview.delivery'),
      isRowHeader: true,
      cell: ({ id, event_type, request_url }) => (
        <span className={styles.named}>
          <Link href={`/deliveries/${id}`}>{event_type}</Link>
          <span className={styles.url}>{request_url}</span>
        </span>
      ),
    },
    { id: 'reason', header: t('overview.reason'), cell: (delivery) => <Reason delivery={delivery} /> },
    {
      id: 'attempts',
      header: t('overview.attempts'),
      align: 'end',
      cell: ({ attempt_number }) => formats.number(attempt_number),
    },
    {
      id: 'when',
      header: t('overview.when'),
      align: 'end',
      cell: ({ failed_at, created_at }) => <RelativeTime iso={failed_at ?? created_at} />,
    },
  ];
  return (
    <QueryView query={query}>
      {({ data }) =>
        data.length === 0 ? (
          <p className={styles.nothing}>{t('overview.newestFailedNone')}</p>
        ) : (
          <DataTable caption={t('overview.newestFailed')} columns={columns} rows={data} keyOf={({ id }) => id} />
        )
      }
    </QueryView>
  );
}

function Reason({ delivery }: { readonly delivery: Delivery }) {
  const { t } = useTranslation();
  const { response_status, error_code, error_message } = delivery;
  if (response_status !== null) return t('overview.status', { status: response_status });
  return <span title={error_message ?? undefined}>{error_code === null ? '–' : <code>{error_code}</code>}</span>;
}
