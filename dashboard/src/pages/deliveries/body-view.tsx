import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CodeBlock } from '../../ui/code-block.js';
import { readable } from '../../ui/readable.js';
import { Segments } from '../../ui/segments.js';
import styles from './delivery.module.css';

interface BodyViewProps {
  /** Names it among the bodies of its page. */
  readonly label: string;
  readonly text: string;
}

/** A body as text: JSON indented, or byte by byte as it is. What is no JSON has one form. */
export function BodyView({ label, text }: BodyViewProps) {
  const { t } = useTranslation();
  const [form, setForm] = useState<'pretty' | 'raw'>('pretty');
  const pretty = readable(text);
  return (
    <div className={styles.body}>
      <div className={styles.bodyHead}>
        <h3>{t('deliveries.body')}</h3>
        {pretty !== text && (
          <Segments
            label={t('deliveries.bodyForm', { name: label })}
            value={form}
            choices={[
              { value: 'pretty', label: t('deliveries.pretty') },
              { value: 'raw', label: t('deliveries.raw') },
            ]}
            onChoose={setForm}
          />
        )}
      </div>
      <CodeBlock label={label} text={form === 'pretty' ? pretty : text} />
    </div>
  );
}
