import { Search } from 'lucide-react';
import { useDeferredValue, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../ui/button.js';
import { Field, Input } from '../../../ui/field.js';
import type { EditorFinding } from '../../../ui/json-editor-view.js';
import type { EventType } from '../queries.js';
import shared from '../webhooks.module.css';
import { byCategory } from './categories.js';
import { EventChoice } from './event-choice.js';
import styles from './event-picker.module.css';

/** Chosen event types, each with the text of its filters; an empty one for every event. */
export type Chosen = ReadonlyMap<string, string>;

interface EventPickerProps {
  readonly types: readonly EventType[];
  readonly chosen: Chosen;
  readonly onChange: (chosen: Chosen) => void;
  /** What is wrong with the filters of an event type. */
  readonly findings?: ReadonlyMap<string, readonly EditorFinding[]>;
}

/** Lets event types be chosen, by category, with a search over names and descriptions. */
export function EventPicker({ types, chosen, onChange, findings }: EventPickerProps) {
  const { t } = useTranslation();
  const [search, setSearch] = useState('');
  const wanted = useDeferredValue(search.trim().toLowerCase());
  const found = types.filter(({ event_type, description, category }) =>
    [event_type, description ?? '', category].some((text) => text.toLowerCase().includes(wanted)),
  );
  const set = (names: readonly string[], isChosen: boolean): void => {
    const next = new Map(chosen);
    for (const name of names) {
      if (!isChosen) next.delete(name);
      else if (!next.has(name)) next.set(name, '');
    }
    onChange(next);
  };
  return (
    <div className={shared.stack}>
      <div className={styles.search}>
        <Field label={t('webhooks.searchEvents')}>
          {(control) => (
            <Input {...control} type="search" value={search} onChange={({ target }) => setSearch(target.value)} />
          )}
        </Field>
        <p role="status" className={shared.muted}>
          {t('webhooks.chosen', { count: chosen.size })}
        </p>
      </div>
      {found.length === 0 && (
        <p className={styles.nothing}>
          <Search aria-hidden size={16} /> {t('webhooks.noEventMatches')}
        </p>
      )}
      {byCategory(found).map(([category, ofCategory]) => {
        const names = ofCategory.map(({ event_type }) => event_type);
        const isAll = names.every((name) => chosen.has(name));
        return (
          <fieldset key={category} className={styles.category}>
            <legend>{category}</legend>
            <Button
              look="ghost"
              className={styles.all}
              onClick={() => set(names, !isAll)}
              aria-label={t(isAll ? 'webhooks.noneOfCategory' : 'webhooks.allOfCategory', { category })}
            >
              {t(isAll ? 'webhooks.chooseNone' : 'webhooks.chooseAll')}
            </Button>
            {ofCategory.map((type) => (
              <EventChoice
                key={type.event_type}
                type={type}
                filter={chosen.get(type.event_type)}
                onChoose={(isChosen) => set([type.event_type], isChosen)}
                onFilter={(text) => onChange(new Map(chosen).set(type.event_type, text))}
                findings={findings?.get(type.event_type)}
              />
            ))}
          </fieldset>
        );
      })}
    </div>
  );
}
