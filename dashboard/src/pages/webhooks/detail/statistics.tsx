import { useQuery } from '@tanstack/react-query';
import { ChartColumn } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ok } from '../../../api/client.js';
import { EmptyState } from '../../../ui/empty-state.js';
import { Select } from '../../../ui/field.js';
import { Section } from '../../../ui/page.js';
import { QueryView } from '../../../ui/query-view.js';
import { DaysChart, EventTypesChart, LatencyChart } from './charts.js';

const PERIODS = [7, 14, 30] as const;

/** A webhook's deliveries by day, outcome and event type, and its response times by the hour. */
export function Statistics({ webhookId }: { readonly webhookId: string }) {
  const { t } = useTranslation();
  const [days, setDays] = useState<number>(PERIODS[2]);
  const path = { webhook_id: webhookId };
  const query = useQuery({
    queryKey: ['statistics', webhookId, days],
    queryFn: async ({ signal }) => {
      const [byDay, byHour] = await Promise.all([
        api.GET('/v1/webhooks/{webhook_id}/statistics', { params: { path, query: { days } }, signal }).then(ok),
        api
          .GET('/v1/webhooks/{webhook_id}/statistics/hourly', { params: { path, query: { hours: days * 24 } }, signal })
          .then(ok),
      ]);
      return { types: byDay.deliveries_by_event_type, hours: byHour.data, isEmpty: byDay.total_deliveries === 0 };
    },
  });
  const period = (
    <Select aria-label={t('webhooks.period')} value={days} onChange={({ target }) => setDays(Number(target.value))}>
      {PERIODS.map((one) => (
        <option key={one} value={one}>
          {t('webhooks.lastDays', { count: one })}
        </option>
      ))}
    </Select>
  );
  return (
    <QueryView query={query}>
      {({ types, hours, isEmpty }) => (
        <>
          <Section title={t('webhooks.charts.days')} actions={period}>
            {isEmpty ? (
              <EmptyState icon={ChartColumn} title={t('webhooks.charts.none')}>
                {t('webhooks.charts.noneText')}
              </EmptyState>
            ) : (
              <DaysChart hours={hours} days={days} />
            )}
          </Section>
          {!isEmpty && (
            <>
              <Section title={t('webhooks.charts.types')}>
                <EventTypesChart types={types} days={days} />
              </Section>
              <Section title={t('webhooks.charts.latency')}>
                <LatencyChart hours={hours} />
              </Section>
            </>
          )}
        </>
      )}
    </QueryView>
  );
}
