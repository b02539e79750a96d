import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { Badge } from '../../ui/badge.js';
import { Section } from '../../ui/page.js';
import type { EventType } from './catalogue.js';
import { pathOf } from './event-type.js';
import styles from './event-types.module.css';

/** The event types of one category. */
export function CategorySection({
  category,
  types,
}: {
  readonly category: string;
  readonly types: readonly EventType[];
}) {
  const { t } = useTranslation();
  return (
    <Section title={category}>
      <ul className={styles.types}>
        {types.map(({ event_type: name, description, is_enabled: isEnabled, payload_schema: schema }) => (
          <li key={name} className={styles.type}>
            <Link href={pathOf(name)} className={styles.name}>
              {name}
            </Link>
            <span className={styles.description}>{description ?? ''}</span>
            <span className={styles.marks}>
              {schema === null && <Badge>{t('eventTypes.noSchema')}</Badge>}
              {!isEnabled && <Badge tone="warn">{t('eventTypes.disabled')}</Badge>}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
