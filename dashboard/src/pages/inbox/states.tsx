import { Ban, CircleCheck, CircleX, Clock, Hourglass, type LucideIcon, Minus, SkipForward } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Badge, type Tone } from '../../ui/badge.js';
import type { CallbackState, EventState } from './contents.js';

type Look = readonly [tone: Tone, icon: LucideIcon];

const LOOKS: Readonly<Record<CallbackState | EventState | 'none', Look>> = {
  pending: ['neutral', Clock],
  done: ['good', CircleCheck],
  failed: ['bad', CircleX],
  expired: ['bad', Hourglass],
  refused: ['bad', Ban],
  skipped: ['warn', SkipForward],
  none: ['neutral', Minus],
};

/** How the callback to the gateway stands; null: none was asked for. */
export function CallbackBadge({ state }: { readonly state: CallbackState | null }) {
  const { t } = useTranslation();
  const [tone, icon] = LOOKS[state ?? 'none'];
  return (
    <Badge tone={tone} icon={icon}>
      {t(`inbox.callbacks.${state ?? 'none'}`)}
    </Badge>
  );
}

/** How the event of a received webhook stands; null: it names none. */
export function EventBadge({ state }: { readonly state: EventState | null }) {
  const { t } = useTranslation();
  const [tone, icon] = LOOKS[state ?? 'none'];
  return (
    <Badge tone={tone} icon={icon}>
      {t(`inbox.events.${state ?? 'none'}`)}
    </Badge>
  );
}
