import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { useIsOperator } from '../../session/session-context.js';
import { CopyButton } from '../../ui/copy-button.js';
import { Section } from '../../ui/page.js';
import { useContent } from '../inbox/contents.js';
import { useWebhook } from '../webhooks/queries.js';
import { contentIdIn } from './content-id.js';
import styles from './delivery.module.css';
import type { Delivery } from './delivery-types.js';
import { useBody } from './use-delivery.js';

/** What a delivery belongs to, with the ways there. */
export function RelatedSection({ delivery }: { readonly delivery: Delivery }) {
  const { t } = useTranslation();
  const isOperator = useIsOperator();
  const webhook = useWebhook(delivery.webhook_id).data?.webhook;
  const content = useContentOf(delivery);
  const { event_id: eventId, replay_of: replayOf, webhook_id: webhookId, user_id: userId } = delivery;
  return (
    <Section title={t('deliveries.detail.related')}>
      <dl className={styles.related}>
        <Related
          name={t('deliveries.columns.endpoint')}
          to={`/webhooks/${webhookId}`}
          text={webhook?.name ?? webhookId}
        />
        {content && <Related name={t('deliveries.detail.content')} to={`/inbox/${content.id}`} text={content.title} />}
        {replayOf !== null && (
          <Related
            name={t('deliveries.isReplay')}
            to={`/deliveries/${replayOf}`}
            text={t('deliveries.detail.original')}
          />
        )}
        {eventId !== null && (
          <Related
            name={t('deliveries.filters.event')}
            id={eventId}
            to={`/deliveries?event_id=${eventId}`}
            text={t('deliveries.detail.eventDeliveries')}
          />
        )}
        {isOperator && (
          <Related
            name={t('deliveries.filters.user')}
            id={userId}
            to={`/deliveries?user_id=${userId}`}
            text={t('deliveries.detail.userDeliveries')}
          />
        )}
      </dl>
    </Section>
  );
}

interface RelatedProps {
  readonly name: string;
  /** To copy. */
  readonly id?: string;
  /** Where the link leads, and what it says. */
  readonly to: string;
  readonly text: string;
}

function Related({ name, id, to, text }: RelatedProps) {
  return (
    <div>
      <dt>{name}</dt>
      {id !== undefined && (
        <dd className={styles.named}>
          <code>{id}</code>
          <CopyButton text={id} what={name} />
        </dd>
      )}
      <dd>
        <Link href={to}>{text}</Link>
      </dd>
    </div>
  );
}

/** The stored AI content whose event this delivery is of; undefined: none that the session may see. */
function useContentOf({
  id,
  event_id: eventId,
}: Delivery): { readonly id: string; readonly title: string } | undefined {
  const { data: body } = useBody(id);
  const contentId = body === undefined ? undefined : contentIdIn(body);
  const { data: read } = useContent(eventId === null ? undefined : contentId);
  return read?.content.event_id === eventId ? read.content : undefined;
}
