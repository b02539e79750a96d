import type { UseQueryResult } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../i18n/formats.js';
import { Field, Input, Select } from '../../ui/field.js';
import { ProblemNotice } from '../../ui/problem-notice.js';
import styles from './bulk-replay.module.css';
import { RANGES } from './filters.js';
import type { ReplayForm } from './replay-form.js';
import { WebhookChoice } from './webhook-choice.js';

interface BulkReplayFormProps {
  readonly form: ReplayForm;
  readonly onChange: (form: ReplayForm) => void;
  readonly isOfWebhook: boolean;
  readonly isRate: boolean;
  readonly count: UseQueryResult<number>;
  readonly ratePerSecond: number;
}

/** Which deliveries, how quick, and how many that would be. */
export function BulkReplayForm({ form, onChange, isOfWebhook, isRate, count, ratePerSecond }: BulkReplayFormProps) {
  const { t } = useTranslation();
  const change = (changed: Partial<ReplayForm>): void => onChange({ ...form, ...changed });
  return (
    <>
      {!isOfWebhook && (
        <Field label={t('deliveries.filters.webhook')}>
          {(control) => (
            <WebhookChoice
              control={control}
              value={form.webhookId}
              onChange={(webhookId) => change({ webhookId })}
              none={t('deliveries.replay.choose')}
            />
          )}
        </Field>
      )}
      <div className={styles.pair}>
        <Field label={t('deliveries.replay.which')}>
          {(control) => (
            <Select
              {...control}
              value={form.status}
              onChange={({ target }) => change({ status: target.value === 'all' ? 'all' : 'failed' })}
            >
              <option value="failed">{t('deliveries.replay.failed')}</option>
              <option value="all">{t('deliveries.replay.all')}</option>
            </Select>
          )}
        </Field>
        <Field label={t('deliveries.filters.time')}>
          {(control) => (
            <Select
              {...control}
              value={form.range}
              onChange={({ target }) => change({ range: target.value as ReplayForm['range'] })}
            >
              {RANGES.map((one) => (
                <option key={one} value={one}>
                  {t(`deliveries.ranges.${one}`)}
                </option>
              ))}
              <option value="exact">{t('deliveries.ranges.exact')}</option>
            </Select>
          )}
        </Field>
        {form.range === 'exact' && (
          <>
            <Field label={t('deliveries.filters.since')}>
              {(control) => (
                <Input
                  {...control}
                  type="datetime-local"
                  value={form.since}
                  onChange={({ target }) => change({ since: target.value })}
                />
              )}
            </Field>
            <Field label={t('deliveries.filters.until')} hint={t('deliveries.replay.untilHint')}>
              {(control) => (
                <Input
                  {...control}
                  type="datetime-local"
                  value={form.until}
                  onChange={({ target }) => change({ until: target.value })}
                />
              )}
            </Field>
          </>
        )}
        <Field label={t('deliveries.replay.rate')} error={isRate ? undefined : t('deliveries.replay.rateWrong')}>
          {(control) => (
            <Input
              {...control}
              type="number"
              min={1}
              max={1000}
              value={form.rate}
              onChange={({ target }) => change({ rate: target.value })}
            />
          )}
        </Field>
      </div>
      <Count count={count} ratePerSecond={ratePerSecond} isWhole={form.webhookId !== ''} />
    </>
  );
}

interface CountProps {
  readonly count: UseQueryResult<number>;
  readonly ratePerSecond: number;
  readonly isWhole: boolean;
}

/** How many it would be, and how long that takes at least. */
function Count({ count, ratePerSecond, isWhole }: CountProps) {
  const { t } = useTranslation();
  const { number, milliseconds } = useFormats();
  if (count.isError) return <ProblemNotice error={count.error} retry={count.refetch} />;
  const total = count.data;
  return (
    <div className={styles.count} role="status">
      {!isWhole && t('deliveries.replay.chooseFirst')}
      {isWhole && total === undefined && t('deliveries.replay.counting')}
      {total === 0 && t('deliveries.replay.countNone')}
      {total !== undefined && total > 0 && (
        <>
          <strong>{t('deliveries.replay.count', { count: total, number: number(total) })}</strong>{' '}
          {t('deliveries.replay.takes', { time: milliseconds(Math.max(1_000, (total / ratePerSecond) * 1_000)) })}
        </>
      )}
    </div>
  );
}
