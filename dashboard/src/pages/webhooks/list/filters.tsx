import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'wouter';
import { useIsOperator } from '../../../session/session-context.js';
import { Field, Input, Select } from '../../../ui/field.js';
import { byCategory, useCatalogue } from '../../event-types/catalogue.js';
import type { Condition, WebhookFilter } from '../queries.js';
import styles from './filters.module.css';

const CONDITIONS: readonly Condition[] = ['unverified', 'failing', 'breaker_open', 'paused', 'disabled'];
const STATES = ['active', 'inactive', ...CONDITIONS] as const;
const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** The filter of the list that an address names. */
export function filterOf(search: URLSearchParams): WebhookFilter {
  const [active, eventType, user] = [search.get('is_active'), search.get('event_type'), search.get('user_id')];
  const condition = CONDITIONS.find((one) => one === search.get('condition'));
  return {
    ...((active === 'true' || active === 'false') && { is_active: active === 'true' }),
    ...(eventType && { event_type: eventType }),
    ...(condition && { condition }),
    ...(user && { user_id: user }),
  };
}

/** Filters of the list, kept in the address. */
export function WebhookFilters() {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchParams();
  const isOperator = useIsOperator();
  const filter = filterOf(search);
  const set = (changes: Record<string, string | undefined>): void =>
    setSearch(
      (before) => {
        const next = new URLSearchParams(before);
        for (const [name, value] of Object.entries(changes)) {
          if (value) next.set(name, value);
          else next.delete(name);
        }
        return next;
      },
      { replace: true },
    );
  const state = filter.condition ?? { true: 'active', false: 'inactive', undefined: '' }[`${filter.is_active}`] ?? '';
  return (
    <form className={styles.filters} aria-label={t('webhooks.filters')} onSubmit={(event) => event.preventDefault()}>
      <Field label={t('webhooks.state')}>
        {(control) => (
          <Select
            {...control}
            value={state}
            onChange={({ target: { value } }) =>
              set({
                is_active: { active: 'true', inactive: 'false' }[value],
                condition: CONDITIONS.find((one) => one === value),
              })
            }
          >
            <option value="">{t('app.all')}</option>
            {STATES.map((one) => (
              <option key={one} value={one}>
                {t(`webhooks.filterStates.${one}`)}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <EventTypeFilter value={filter.event_type ?? ''} onChange={(event_type) => set({ event_type })} />
      {isOperator && <UserFilter value={filter.user_id ?? ''} onChange={(user_id) => set({ user_id })} />}
    </form>
  );
}

interface FilterProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function EventTypeFilter({ value, onChange }: FilterProps) {
  const { t } = useTranslation();
  const { types, isWhole } = useCatalogue().data ?? { types: [], isWhole: true };
  return (
    <Field label={t('webhooks.eventType')} hint={!isWhole && t('eventTypes.notAllListed')}>
      {(control) => (
        <Select {...control} value={value} onChange={(event) => onChange(event.target.value)}>
          <option value="">{t('app.all')}</option>
          {value && !types.some(({ event_type }) => event_type === value) && <option>{value}</option>}
          {byCategory(types).map(([category, ofCategory]) => (
            <optgroup key={category} label={category}>
              {ofCategory.map(({ event_type }) => (
                <option key={event_type}>{event_type}</option>
              ))}
            </optgroup>
          ))}
        </Select>
      )}
    </Field>
  );
}

/** Takes effect as soon as a whole UUID stands there, or nothing. */
function UserFilter({ value, onChange }: FilterProps) {
  const { t } = useTranslation();
  return (
    <Field label={t('webhooks.owner')}>
      {(control) => (
        <Input
          {...control}
          key={value}
          defaultValue={value}
          placeholder="00000000-0000-…"
          spellCheck={false}
          className="mono"
          onChange={({ target }) => {
            const typed = target.value.trim();
            if (typed === '' || UUID.test(typed)) onChange(typed);
          }}
        />
      )}
    </Field>
  );
}
