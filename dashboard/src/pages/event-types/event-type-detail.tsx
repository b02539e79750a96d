import { useTranslation } from 'react-i18next';
import { CodeBlock } from '../../ui/code-block.js';
import { Loading } from '../../ui/loading.js';
import { Section } from '../../ui/page.js';
import { readable } from '../../ui/readable.js';
import type { EventType } from './catalogue.js';
import styles from './event-types.module.css';
import { useExample } from './example.js';
import { RecentUse } from './recent-use.js';
import { SchemaFields } from './schema-fields.js';

/** What a subscriber has to know of an event type. */
export function EventTypeDetail({ type }: { readonly type: EventType }) {
  const { t } = useTranslation();
  const example = useExample(type);
  return (
    <div className={styles.columns}>
      <div className={styles.stack}>
        <Section title={t('eventTypes.payload')}>
          {type.payload_schema === null ? (
            <p className={styles.quiet}>{t('eventTypes.anyPayload')}</p>
          ) : (
            <>
              <SchemaFields schema={type.payload_schema} />
              <details className={styles.raw}>
                <summary>{t('eventTypes.schemaJson')}</summary>
                <CodeBlock label={t('eventTypes.schemaJson')} text={readable(type.payload_schema)} />
              </details>
            </>
          )}
        </Section>
        <RecentUse eventType={type.event_type} />
      </div>
      <Section title={t('eventTypes.example')}>
        {example === undefined ? (
          <Loading label={t('app.loading')} />
        ) : (
          <CodeBlock label={t('eventTypes.example')} text={example} />
        )}
        <p className={styles.quiet}>{t('eventTypes.exampleText')}</p>
      </Section>
    </div>
  );
}
