import { CircleCheck, CircleX, Trash2 } from 'lucide-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { Badge } from '../../../ui/badge.js';
import { IconButton } from '../../../ui/button.js';
import { JsonEditor } from '../../../ui/json-editor.js';
import { readObject } from '../../../ui/json-text.js';
import shared from '../try.module.css';
import { ConditionTree } from './condition-tree.js';
import type { PayloadText } from './filter-draft.js';
import type { FilterResult } from './filter-test.js';
import styles from './payload-card.module.css';

interface PayloadCardProps {
  readonly number: number;
  readonly payload: PayloadText;
  readonly result: FilterResult | undefined;
  readonly onChange: (text: string) => void;
  readonly onRemove: () => void;
}

/** One payload, whether an event with it goes through, and each condition's part in that. */
export function PayloadCard({ number, payload, result, onChange, onRemove }: PayloadCardProps) {
  const { t } = useTranslation();
  const name = t('try.filter.payload', { number });
  const kind = useMemo(() => readObject(payload.text).kind, [payload.text]);
  return (
    <article className={styles.card} aria-label={name}>
      <div className={shared.bar}>
        <h3 className={styles.cardTitle}>
          {name}
          {payload.deliveryId !== undefined && (
            <Link href={`/deliveries/${payload.deliveryId}`} className={styles.ofDelivery}>
              {t('try.filter.ofDelivery')}
            </Link>
          )}
        </h3>
        <span className={shared.bar}>
          <span role="status">
            {result && (
              <Badge tone={result.matches ? 'good' : 'bad'} icon={result.matches ? CircleCheck : CircleX}>
                {t(result.matches ? 'try.filter.through' : 'try.filter.stopped')}
              </Badge>
            )}
          </span>
          <IconButton icon={Trash2} label={t('try.filter.remove', { name })} onClick={onRemove} />
        </span>
      </div>
      <JsonEditor label={name} value={payload.text} onChange={onChange} />
      {kind !== 'object' && (
        <p className={styles.wrong}>{t(kind === 'other' ? 'try.check.not_object' : 'try.check.not_json')}</p>
      )}
      {result?.conditions.length === 0 && <p className={shared.quiet}>{t('try.filter.noConditions')}</p>}
      {result && result.conditions.length > 0 && (
        <ConditionTree label={t('try.filter.why', { name })} conditions={result.conditions} />
      )}
    </article>
  );
}
