import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Field, Input, Select } from '../../ui/field.js';
import { type FilterChange, type Filters, RANGES } from './filters.js';
import { fromLocal, toLocal } from './local-time.js';
import { useTyped } from './use-typed.js';

const EXACT = 'exact';

interface TimeFilterProps {
  readonly filters: Filters;
  readonly onChange: (changed: FilterChange) => void;
}

/** When deliveries were made: of late, or between two times, which are typed in the reader's own time zone and kept as UTC. */
export function TimeFilter({ filters, onChange }: TimeFilterProps) {
  const { t } = useTranslation();
  const { range, since, until } = filters;
  const [isExact, setIsExact] = useState(false);
  const shown = isExact || since !== undefined || until !== undefined ? EXACT : (range ?? '');
  return (
    <>
      <Field label={t('deliveries.filters.time')}>
        {(control) => (
          <Select
            {...control}
            value={shown}
            onChange={({ target: { value } }) => {
              setIsExact(value === EXACT);
              onChange({ range: value === EXACT ? undefined : value, since: undefined, until: undefined });
            }}
          >
            <option value="">{t('deliveries.ranges.any')}</option>
            {RANGES.map((one) => (
              <option key={one} value={one}>
                {t(`deliveries.ranges.${one}`)}
              </option>
            ))}
            <option value={EXACT}>{t('deliveries.ranges.exact')}</option>
          </Select>
        )}
      </Field>
      {shown === EXACT && (
        <>
          <LocalTime
            label={t('deliveries.filters.since')}
            value={since}
            onChange={(value) => onChange({ since: value })}
          />
          <LocalTime
            label={t('deliveries.filters.until')}
            value={until}
            onChange={(value) => onChange({ until: value })}
          />
        </>
      )}
    </>
  );
}

interface LocalTimeProps {
  readonly label: string;
  /** ISO 8601. */
  readonly value: string | undefined;
  readonly onChange: (value: string | undefined) => void;
}

function LocalTime({ label, value, onChange }: LocalTimeProps) {
  const typed = useTyped(toLocal(value), (text) => onChange(fromLocal(text)));
  return <Field label={label}>{(control) => <Input {...control} {...typed} type="datetime-local" step={1} />}</Field>;
}
