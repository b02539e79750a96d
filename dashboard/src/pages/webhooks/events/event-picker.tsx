import { Search } from 'lucide-react';
import { useDeferredValue, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../ui/button.js';
import { Field, Input } from '../../../ui/field.js';
import type { EditorFinding } from '../../../ui/json-editor-view.js';
import { byCategory } from '../../event-types/catalogue.js';
import type { EventType } from '../queries.js';
import shared from '../webhooks.module.css';
import { EventChoice } from './event-choice.js';
import styles from './event-picker.module.css';
import { ExactType } from './exact-type.js';
import { filtersOf } from './filters.js';

/** Chosen event types, each with the text of its filters; an empty one for every event. */
export type Chosen = ReadonlyMap<string, string>;

interface EventPickerProps {
  readonly types: readonly EventType[];
  /** There are no more than those. */
  readonly isWhole: boolean;
  /** Names of those that are not offered. */
  readonly without?: readonly string[];
  readonly chosen: Chosen;
  readonly onChange: (chosen: Chosen) => void;
  /** What is wrong with the filters of an event type. */
  readonly findings?: ReadonlyMap<string, readonly EditorFinding[]>;
}

/** Lets event types be chosen, by category, with a search over names and descriptions. */
export function EventPicker({ types, isWhole, without = [], chosen, onChange, findings }: EventPickerProps) {
  const { t } = useTranslation();
  const [search, setSearch] = useState('');
  const [kept, setKept] = useState<readonly string[]>([]);
  const [more, setMore] = useState<readonly EventType[]>([]);
  const name = useDeferredValue(search.trim());
  const wanted = name.toLowerCase();
  // Chosen with a wrong filter it shows whatever is searched for, and until another search: it is not to go while its filter is being mended.
  const isWrong = ([type, text]: readonly [string, string]): boolean =>
    filtersOf(text) === undefined || (findings?.get(type) ?? []).length > 0;
  const toKeep = [...chosen].filter((one) => isWrong(one) && !kept.includes(one[0])).map(([type]) => type);
  if (toKeep.length > 0) setKept([...kept, ...toKeep]);
  const all = [...types, ...more.filter((one) => !types.some((type) => type.event_type === one.event_type))];
  const found = all.filter(
    ({ event_type, description, category }) =>
      !without.includes(event_type) &&
      (kept.includes(event_type) ||
        [event_type, description ?? '', category].some((text) => text.toLowerCase().includes(wanted))),
  );
  const mayBeBeyond = !isWhole && name !== '' && ![...without, ...all.map((type) => type.event_type)].includes(name);
  const searchFor = (text: string): void => {
    setSearch(text);
    setKept([]);
  };
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
            <Input {...control} type="search" value={search} onChange={({ target }) => searchFor(target.value)} />
          )}
        </Field>
        <p role="status" className={shared.muted}>
          {t('webhooks.chosen', { count: chosen.size })} {!isWhole && t('eventTypes.notWhole')}
        </p>
      </div>
      {found.length === 0 && (
        <p className={styles.nothing}>
          <Search aria-hidden size={16} /> {t('webhooks.noEventMatches')}
        </p>
      )}
      {mayBeBeyond && <ExactType key={name} name={name} onFound={(type) => setMore([...more, type])} />}
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
