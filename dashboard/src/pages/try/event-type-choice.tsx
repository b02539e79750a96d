import { useTranslation } from 'react-i18next';
import { Field, Select } from '../../ui/field.js';
import { byCategory, type EventType } from '../event-types/catalogue.js';
import { PLAIN_TEST } from '../event-types/example.js';

interface EventTypeChoiceProps {
  readonly types: readonly EventType[];
  readonly value: string | undefined;
  readonly onChoose: (eventType: string) => void;
  /** These stand first. */
  readonly subscribed?: readonly string[];
  /** Offers the event that nobody has to register. */
  readonly hasPlainTest?: boolean;
}

/** An event type: those that a webhook is subscribed to first, then all by category. */
export function EventTypeChoice({ types, value, onChoose, subscribed = [], hasPlainTest }: EventTypeChoiceProps) {
  const { t } = useTranslation();
  const enabled = types.filter(({ is_enabled: isEnabled }) => isEnabled);
  const first = enabled.filter(({ event_type: name }) => subscribed.includes(name));
  const others = enabled.filter((type) => !first.includes(type));
  const description = types.find(({ event_type: name }) => name === value)?.description;
  const hint = value === PLAIN_TEST ? t('try.plainTestHint') : description;
  return (
    <Field label={t('try.eventType')} hint={hint}>
      {(control) => (
        <Select {...control} value={value ?? ''} onChange={(event) => onChoose(event.target.value)}>
          {first.length > 0 && <Group label={t('try.subscribed')} types={first} />}
          {byCategory(others).map(([category, ofCategory]) => (
            <Group key={category} label={category} types={ofCategory} />
          ))}
          {hasPlainTest && <option value={PLAIN_TEST}>{t('try.plainTest', { name: PLAIN_TEST })}</option>}
        </Select>
      )}
    </Field>
  );
}

function Group({ label, types }: { readonly label: string; readonly types: readonly EventType[] }) {
  return (
    <optgroup label={label}>
      {types.map(({ event_type: name }) => (
        <option key={name} value={name}>
          {name}
        </option>
      ))}
    </optgroup>
  );
}
