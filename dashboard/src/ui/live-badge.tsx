import { Radio } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { LiveState } from '../api/live.js';
import { Badge } from './badge.js';

/** Whether what is shown follows by itself. */
export function LiveBadge({ state }: { readonly state: LiveState }) {
  const { t } = useTranslation();
  return (
    <Badge tone={state === 'live' ? 'good' : 'neutral'} icon={Radio}>
      {t(`app.${state}`)}
    </Badge>
  );
}
