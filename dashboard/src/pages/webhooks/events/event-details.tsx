import { useTranslation } from 'react-i18next';
import { CodeBlock } from '../../../ui/code-block.js';
import { readable } from '../../../ui/readable.js';
import { useExample } from '../../event-types/example.js';
import type { EventType } from '../queries.js';
import styles from '../webhooks.module.css';

/** What an event of the type carries: an example of its payload, and the schema that payloads fulfil. */
export function EventDetails({ type }: { readonly type: EventType }) {
  const { t } = useTranslation();
  const example = useExample(type);
  const { event_type: name, payload_schema: schema } = type;
  if (schema === null || typeof schema === 'boolean') return <p className={styles.muted}>{t('webhooks.noSchema')}</p>;
  return (
    <div className={styles.columns}>
      {example !== undefined && (
        <div className={styles.stack}>
          <h3>{t('webhooks.example')}</h3>
          <CodeBlock label={t('webhooks.exampleOf', { name })} text={example} />
        </div>
      )}
      <div className={styles.stack}>
        <h3>{t('webhooks.schema')}</h3>
        <CodeBlock label={t('webhooks.schemaOf', { name })} text={readable(schema)} />
      </div>
    </div>
  );
}
