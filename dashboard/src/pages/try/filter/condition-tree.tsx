import { Check, CircleHelp, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { jsonOf } from '../../../api/exact-json.js';
import styles from './condition-tree.module.css';
import type { Condition } from './filter-test.js';
import { isGroup, wordOf } from './operators.js';

/** Conditions and how each went, in words; those of a group below it. */
export function ConditionTree({
  label,
  conditions,
}: {
  readonly label?: string;
  readonly conditions: readonly Condition[];
}) {
  return (
    <ul className={styles.tree} aria-label={label}>
      {conditions.map((condition, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: conditions have no names, and the same one may stand there twice.
        <li key={at}>
          <Line condition={condition} />
          {condition.conditions && <ConditionTree conditions={condition.conditions} />}
        </li>
      ))}
    </ul>
  );
}

const OUTCOMES = {
  true: { icon: Check, name: 'holds' },
  false: { icon: X, name: 'fails' },
  null: { icon: CircleHelp, name: 'undecided' },
} as const;

function Line({ condition }: { readonly condition: Condition }) {
  const { t } = useTranslation();
  const { icon: Icon, name } = OUTCOMES[`${condition.holds}`];
  const hasPath = condition.path !== '' || !isGroup(condition);
  return (
    <div className={styles.line} data-outcome={name}>
      <Icon aria-hidden size={16} strokeWidth={3} />
      <p>
        <span className="visually-hidden">{t(`try.outcomes.${name}`)}: </span>
        {hasPath && <code className={styles.path}>{condition.path || '/'}</code>}{' '}
        {t(`try.operators.${wordOf(condition)}`)}{' '}
        {condition.expected !== undefined && condition.operator !== '$exists' && (
          <code>{jsonOf(condition.expected)}</code>
        )}
        {!isGroup(condition) && condition.operator !== '$exists' && (
          <span className={styles.found}>
            <Found condition={condition} />
          </span>
        )}
        {condition.holds === null && <span className={styles.found}>{t('try.filter.undecided')}</span>}
      </p>
    </div>
  );
}

function Found({ condition }: { readonly condition: Condition }) {
  const { t } = useTranslation();
  if (!condition.is_present) return t('try.filter.nothingThere');
  if (condition.found === undefined) return t('try.filter.tooLarge');
  return (
    <>
      {t('try.filter.found')} <code>{jsonOf(condition.found)}</code>
    </>
  );
}
