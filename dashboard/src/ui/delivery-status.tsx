import { CircleCheck, CircleX, Clock, RotateCw } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Badge } from './badge.js';

const LOOKS = {
  success: { tone: 'good', icon: CircleCheck },
  failed: { tone: 'bad', icon: CircleX },
  retrying: { tone: 'warn', icon: RotateCw },
  pending: { tone: 'neutral', icon: Clock },
} as const;
export type DeliveryStatusName = keyof typeof LOOKS;
export const DELIVERY_STATUSES = Object.keys(LOOKS) as DeliveryStatusName[];

export function DeliveryStatus({ status }: { readonly status: DeliveryStatusName }) {
  const { t } = useTranslation();
  const { tone, icon } = LOOKS[status];
  return (
    <Badge tone={tone} icon={icon}>
      {t(`statuses.${status}`)}
    </Badge>
  );
}
