import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { Badge } from '../../../ui/badge.js';
import { Field, Select } from '../../../ui/field.js';
import styles from './webhook-choice.module.css';
import type { Webhook } from './webhooks.js';

interface WebhookChoiceProps {
  readonly webhooks: readonly Webhook[];
  readonly isWhole: boolean;
  readonly value: Webhook | undefined;
  readonly onChoose: (id: string) => void;
}

/** A webhook, with what may keep it from getting its event. */
export function WebhookChoice({ webhooks, isWhole, value, onChoose }: WebhookChoiceProps) {
  const { t } = useTranslation();
  return (
    <Field label={t('try.webhook')} hint={value && <Standing webhook={value} isWhole={isWhole} />}>
      {(control) => (
        <Select {...control} value={value?.id ?? ''} onChange={(event) => onChoose(event.target.value)}>
          {webhooks.map(({ id, name, is_active: isActive }) => (
            <option key={id} value={id}>
              {isActive ? name : t('try.inactiveName', { name })}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}

function Standing({ webhook, isWhole }: { readonly webhook: Webhook; readonly isWhole: boolean }) {
  const { t } = useTranslation();
  return (
    <span className={styles.standing}>
      <Link href={`/webhooks/${webhook.id}`} className={styles.url}>
        {webhook.url}
      </Link>
      {!webhook.is_active && <Badge tone="bad">{t('try.standing.inactive')}</Badge>}
      {webhook.breaker_since !== null && <Badge tone="warn">{t('try.standing.breaker')}</Badge>}
      {webhook.paused_until !== null && <Badge tone="warn">{t('try.standing.paused')}</Badge>}
      {!webhook.is_verified && <Badge>{t('try.standing.unverified')}</Badge>}
      {!isWhole && <span>{t('try.notAllWebhooks')}</span>}
    </span>
  );
}
