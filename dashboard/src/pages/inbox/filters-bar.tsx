import { X } from 'lucide-react';
import { useEffect, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.js';
import { Field, Input, Select } from '../../ui/field.js';
import { useDebounced } from '../../ui/use-debounced.js';
import { useCatalogue } from '../event-types/catalogue.js';
import { CALLBACK_STATES, type ContentFilter, EVENT_STATES } from './contents.js';
import { isFiltered } from './filters.js';
import styles from './inbox.module.css';

const STANDS_STILL_MS = 350;

interface FiltersBarProps {
  readonly filter: ContentFilter;
  readonly onChange: (change: Partial<ContentFilter>) => void;
}

/** Which received webhooks are shown. */
export function FiltersBar({ filter, onChange }: FiltersBarProps) {
  const { t } = useTranslation();
  // What is being typed and not asked for yet goes, too.
  const [cleared, setCleared] = useState(0);
  return (
    <search className={styles.filters}>
      <EventName key={cleared} value={filter.eventName} onChange={(eventName) => onChange({ eventName })} />
      <Field label={t('inbox.callback')}>
        {(control) => (
          <Select
            {...control}
            value={filter.callbackState ?? ''}
            onChange={({ target }) =>
              onChange({ callbackState: CALLBACK_STATES.find((state) => state === target.value) })
            }
          >
            <option value="">{t('app.all')}</option>
            {CALLBACK_STATES.map((state) => (
              <option key={state} value={state}>
                {t(`inbox.callbacks.${state}`)}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label={t('inbox.event')}>
        {(control) => (
          <Select
            {...control}
            value={filter.eventState ?? ''}
            onChange={({ target }) => onChange({ eventState: EVENT_STATES.find((state) => state === target.value) })}
          >
            <option value="">{t('app.all')}</option>
            {EVENT_STATES.map((state) => (
              <option key={state} value={state}>
                {t(`inbox.events.${state}`)}
              </option>
            ))}
          </Select>
        )}
      </Field>
      {isFiltered(filter) && (
        <Button
          look="ghost"
          icon={X}
          onClick={() => {
            setCleared(cleared + 1);
            onChange({ eventName: undefined, callbackState: undefined, eventState: undefined });
          }}
        >
          {t('inbox.clear')}
        </Button>
      )}
    </search>
  );
}

interface EventNameProps {
  readonly value: string | undefined;
  readonly onChange: (value: string | undefined) => void;
}

/** The name that the gateway gave the event, registered here or not; what was typed is asked for when it stands still. */
function EventName({ value, onChange }: EventNameProps) {
  const { t } = useTranslation();
  const listId = useId();
  const catalogue = useCatalogue();
  const [text, setText] = useState(value ?? '');
  const still = useDebounced(text.trim(), STANDS_STILL_MS);
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is the address that changed, by another link or the clearing of all.
  useEffect(() => {
    if ((value ?? '') !== text.trim()) setText(value ?? '');
  }, [value]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is what was typed that changed.
  useEffect(() => {
    if (still !== (value ?? '')) onChange(still || undefined);
  }, [still]);
  return (
    <Field label={t('inbox.eventName')}>
      {(control) => (
        <>
          <Input
            {...control}
            value={text}
            list={listId}
            maxLength={100}
            autoComplete="off"
            spellCheck={false}
            placeholder={t('app.all')}
            onChange={(event) => setText(event.target.value)}
          />
          <datalist id={listId}>
            {catalogue.data?.types.map(({ event_type: name }) => (
              <option key={name} value={name} />
            ))}
          </datalist>
        </>
      )}
    </Field>
  );
}
