import { Ban, CircleCheck, Hourglass, LoaderCircle, Pause, ShieldQuestion, TriangleAlert, Unplug } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Badge } from '../../ui/badge.js';
import { useNow } from '../../ui/time.js';
import type { Webhook } from './queries.js';
import { statesOf } from './state.js';
import styles from './state-badges.module.css';

const LOOKS = {
  active: { tone: 'good', icon: CircleCheck },
  failing: { tone: 'warn', icon: TriangleAlert },
  inactive: { tone: 'neutral', icon: Pause },
  disabled: { tone: 'bad', icon: Ban },
  breakerOpen: { tone: 'bad', icon: Unplug },
  waiting: { tone: 'warn', icon: Hourglass },
  unverified: { tone: 'warn', icon: ShieldQuestion },
  verifying: { tone: 'info', icon: LoaderCircle },
} as const;

/** A webhook's states, each a word with its icon. */
export function StateBadges({ webhook }: { readonly webhook: Webhook }) {
  const { t } = useTranslation();
  const states = statesOf(webhook, useNow());
  return (
    <span className={styles.badges}>
      {states.map((state) => (
        <Badge key={state} tone={LOOKS[state].tone} icon={LOOKS[state].icon}>
          {t(`webhooks.states.${state}`)}
        </Badge>
      ))}
    </span>
  );
}
