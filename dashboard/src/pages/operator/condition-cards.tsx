import { BadgeAlert, CircleOff, type LucideIcon, PauseCircle, TrendingDown, ZapOff } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { useFormats } from '../../i18n/formats.js';
import { PAGE_SIZE } from '../../ui/pager.js';
import { CONDITIONS, type Condition, useWebhooksIn } from './conditions.js';
import styles from './operator.module.css';

const ICONS: Record<Condition, LucideIcon> = {
  breaker_open: ZapOff,
  paused: PauseCircle,
  disabled: CircleOff,
  unverified: BadgeAlert,
  failing: TrendingDown,
};

/** How many webhooks are in each condition, and the way to them. */
export function ConditionCards() {
  return (
    <ul className={styles.cards}>
      {CONDITIONS.map((condition) => (
        <li key={condition}>
          <ConditionCard condition={condition} />
        </li>
      ))}
    </ul>
  );
}

function ConditionCard({ condition }: { readonly condition: Condition }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { data } = useWebhooksIn(condition);
  const Icon = ICONS[condition];
  let count = '–';
  // More than a page is not counted: there may be 100,000.
  if (data !== undefined) count = data.next_cursor === null ? formats.number(data.data.length) : `${PAGE_SIZE}+`;
  return (
    <Link href={`/operator/webhooks?condition=${condition}`} className={styles.card} data-none={count === '0'}>
      <Icon aria-hidden size={20} />
      <span className={styles.cardName}>{t(`operator.conditions.${condition}.name`)}</span>
      <span className={styles.count}>{count}</span>
    </Link>
  );
}
