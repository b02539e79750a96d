import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { Definitions } from '../../ui/definitions.js';
import { Section } from '../../ui/page.js';
import type { Content } from './contents.js';
import { EventDeliveries } from './event-deliveries.js';
import styles from './inbox.module.css';
import { Reason } from './reason.js';
import { EventBadge } from './states.js';

/** The event that a received webhook triggered, and its deliveries; or why there is none. */
export function EventSection({ content }: { readonly content: Content }) {
  const { t } = useTranslation();
  const { event_state: state, event_id: eventId, event_name: name, event_error: error } = content;
  return (
    <Section title={t('inbox.event')} actions={<EventBadge state={state} />}>
      <p className={styles.quiet}>{t(`inbox.eventMeans.${state ?? 'none'}`)}</p>
      <Definitions
        items={[
          [
            t('inbox.eventName'),
            name === null ? (
              '–'
            ) : (
              <Link key="name" href={`/event-types/${encodeURIComponent(name)}`}>
                <code>{name}</code>
              </Link>
            ),
          ],
          ...(eventId === null ? [] : [[t('inbox.eventId'), <code key="id">{eventId}</code>] as const]),
          ...(error === null ? [] : [[t('inbox.why'), <Reason key="why" code={error} />] as const]),
        ]}
      />
      {eventId !== null && <EventDeliveries eventId={eventId} />}
    </Section>
  );
}
