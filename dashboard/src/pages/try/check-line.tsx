import { CircleAlert, CircleCheck, CircleDashed, LoaderCircle } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { tell } from '../../api/problem.js';
import { Findings } from '../../ui/findings.js';
import styles from './check.module.css';
import type { PayloadCheck } from './payload-check.js';
import shared from './try.module.css';

const ICONS = {
  valid: CircleCheck,
  invalid: CircleAlert,
  not_json: CircleAlert,
  not_object: CircleAlert,
  checking: LoaderCircle,
  unchecked: CircleDashed,
} as const;

/** In words what the check of a payload says, told to screen readers when it changes. */
export function CheckLine({ check: { state, findings, error } }: { readonly check: PayloadCheck }) {
  const { t } = useTranslation();
  const Icon = ICONS[state];
  return (
    <div className={styles.check} data-state={state}>
      <p role="status" className={styles.verdict}>
        <Icon aria-hidden size={16} />
        {state === 'invalid' ? t('try.check.invalid', { count: findings.length }) : t(`try.check.${state}`)}
      </p>
      {error !== null && <p className={shared.quiet}>{tell(error).message}</p>}
      <Findings findings={findings} label={t('try.check.list')} />
    </div>
  );
}
