import { CircleAlert, CircleCheck, Filter, LoaderCircle } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { tell } from '../../../api/problem.js';
import styles from '../check.module.css';
import shared from '../try.module.css';
import type { PayloadText } from './filter-draft.js';
import type { FilterTest } from './filter-test.js';

const ICONS = { invalid: CircleAlert, checking: LoaderCircle, valid: CircleCheck, some: Filter } as const;

/** Whether the filter can be used, and how many payloads go through it. */
export function FilterVerdict({
  test,
  payloads,
}: {
  readonly test: FilterTest;
  readonly payloads: readonly PayloadText[];
}) {
  const { t } = useTranslation();
  const told = test.error === null ? undefined : tell(test.error);
  const isWrong = told !== undefined || test.filter !== 'read';
  const passing = payloads.filter(({ id }) => test.results.get(id)?.matches).length;
  const count = payloads.length;
  const isAll = passing === count && count > 0;
  const state = isWrong ? 'invalid' : test.isChecking ? 'checking' : isAll ? 'valid' : 'some';
  const Icon = ICONS[state];
  return (
    <div className={styles.check} data-state={state}>
      <p role="status" className={styles.verdict}>
        <Icon aria-hidden size={16} />
        <span>
          {test.filter !== 'read' && t(`try.check.${test.filter}`)}
          {told?.message}
          {!isWrong && test.isChecking && t('try.check.checking')}
          {!isWrong &&
            !test.isChecking &&
            t(`try.filter.${isAll ? 'all' : passing === 0 ? 'none' : 'some'}`, { passing, count })}
        </span>
      </p>
      {told?.hint !== undefined && <p className={shared.quiet}>{told.hint}</p>}
    </div>
  );
}
