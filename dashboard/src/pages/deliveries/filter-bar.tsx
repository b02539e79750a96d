import { FilterX } from 'lucide-react';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useIsOperator } from '../../session/session-context.js';
import { Button } from '../../ui/button.js';
import { DELIVERY_STATUSES } from '../../ui/delivery-status.js';
import { Field, Input, Select } from '../../ui/field.js';
import { useCatalogue } from '../event-types/catalogue.js';
import styles from './filter-bar.module.css';
import type { FilterChange, FilterName, Filters } from './filters.js';
import { ResponseFilter } from './response-filter.js';
import { TimeFilter } from './time-filter.js';
import { useTyped } from './use-typed.js';
import { WebhookChoice } from './webhook-choice.js';

interface FilterBarProps {
  readonly filters: Filters;
  readonly onChange: (changed: FilterChange) => void;
}

/** All that the list can be narrowed by. */
export function FilterBar({ filters, onChange }: FilterBarProps) {
  const { t } = useTranslation();
  const isOperator = useIsOperator();
  // What is chosen but says nothing yet, an exact status or time, goes with the rest.
  const [cleared, setCleared] = useState(0);
  const isFiltered = Object.keys(filters).length > 0;
  return (
    <search className={styles.bar} aria-label={t('deliveries.filters.label')}>
      <Field label={t('deliveries.filters.status')}>
        {(control) => (
          <Select
            {...control}
            value={filters.status ?? ''}
            onChange={(event) => onChange({ status: event.target.value })}
          >
            <option value="">{t('app.all')}</option>
            {DELIVERY_STATUSES.map((status) => (
              <option key={status} value={status}>
                {t(`statuses.${status}`)}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <ResponseFilter
        key={`response ${cleared}`}
        value={filters.response_status ?? ''}
        onChange={(value) => onChange({ response_status: value })}
      />
      <TimeFilter key={`time ${cleared}`} filters={filters} onChange={onChange} />
      <EventTypeFilter value={filters.event_type ?? ''} onChange={(value) => onChange({ event_type: value })} />
      <Field label={t('deliveries.filters.webhook')}>
        {(control) => (
          <WebhookChoice
            control={control}
            value={filters.webhook_id ?? ''}
            onChange={(value) => onChange({ webhook_id: value })}
            none={t('app.all')}
          />
        )}
      </Field>
      <IdFilter name="event_id" label={t('deliveries.filters.event')} filters={filters} onChange={onChange} />
      {isOperator && (
        <IdFilter name="user_id" label={t('deliveries.filters.user')} filters={filters} onChange={onChange} />
      )}
      {isFiltered && (
        <Button
          look="ghost"
          icon={FilterX}
          className={styles.clear}
          onClick={() => {
            onChange(Object.fromEntries(Object.keys(filters).map((name) => [name, undefined])));
            setCleared(cleared + 1);
          }}
        >
          {t('deliveries.filters.clear')}
        </Button>
      )}
    </search>
  );
}

function EventTypeFilter({ value, onChange }: { readonly value: string; readonly onChange: (value: string) => void }) {
  const { t } = useTranslation();
  const listId = useId();
  const typed = useTyped(value, onChange);
  const types = useCatalogue().data?.types;
  return (
    <Field label={t('deliveries.filters.eventType')}>
      {(control) => (
        <>
          <Input
            {...control}
            {...typed}
            list={listId}
            placeholder={t('app.all')}
            autoComplete="off"
            spellCheck={false}
            onInput={({ currentTarget }) => {
              // Taken from the list, it is whole.
              if (types?.some(({ event_type }) => event_type === currentTarget.value)) onChange(currentTarget.value);
            }}
          />
          <datalist id={listId}>
            {types?.map(({ event_type }) => (
              <option key={event_type} value={event_type} />
            ))}
          </datalist>
        </>
      )}
    </Field>
  );
}

interface IdFilterProps extends FilterBarProps {
  readonly name: FilterName;
  readonly label: string;
}

function IdFilter({ name, label, filters, onChange }: IdFilterProps) {
  const { t } = useTranslation();
  const typed = useTyped(filters[name] ?? '', (value) => onChange({ [name]: value }));
  return (
    <Field label={label}>
      {(control) => (
        <Input
          {...control}
          {...typed}
          placeholder={t('deliveries.filters.anyId')}
          autoComplete="off"
          spellCheck={false}
        />
      )}
    </Field>
  );
}
