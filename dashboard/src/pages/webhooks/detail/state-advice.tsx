import { Ban, CircleCheck, Hourglass, Pause, TriangleAlert, Unplug } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../../i18n/formats.js';
import { useNow } from '../../../ui/time.js';
import type { Webhook } from '../queries.js';
import { statesOf } from '../state.js';
import { Advice } from './advice.js';

/** What a webhook's state means, and what its owner may do about it. */
export function StateAdvice({ webhook }: { readonly webhook: Webhook }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const now = useNow();
  const [state] = statesOf(webhook, now);
  const when = (iso: string | null): string => (iso === null ? '–' : formats.relative(iso, now));
  const at = (iso: string | null): string => (iso === null ? '–' : formats.dateTime(iso));
  if (state === 'disabled') {
    const { disabled_reason: reason, failing_since: since } = webhook;
    const key = reason === 'gone' || reason === 'failing' ? reason : 'other';
    return (
      <Advice tone="bad" icon={Ban} title={t('webhooks.states.disabled')}>
        {t(`webhooks.advice.disabled.${key}`, { since: at(since), reason: reason ?? '' })}
      </Advice>
    );
  }
  if (state === 'inactive') {
    return (
      <Advice tone="warn" icon={Pause} title={t('webhooks.states.inactive')}>
        {t('webhooks.advice.inactive', { since: when(webhook.inactive_since) })}
      </Advice>
    );
  }
  if (state === 'breakerOpen') {
    return (
      <Advice tone="bad" icon={Unplug} title={t('webhooks.states.breakerOpen')}>
        {t('webhooks.advice.breakerOpen', { since: at(webhook.breaker_since), until: when(webhook.breaker_until) })}
      </Advice>
    );
  }
  if (state === 'waiting') {
    return (
      <Advice tone="warn" icon={Hourglass} title={t('webhooks.states.waiting')}>
        {t('webhooks.advice.waiting', { until: when(webhook.paused_until) })}
      </Advice>
    );
  }
  if (state === 'failing') {
    return (
      <Advice tone="warn" icon={TriangleAlert} title={t('webhooks.advice.failingTitle')}>
        {t('webhooks.advice.failing', { since: at(webhook.failing_since) })}
      </Advice>
    );
  }
  return (
    <Advice tone="good" icon={CircleCheck} title={t('webhooks.states.active')}>
      {t(webhook.subscribed_event_types === 0 ? 'webhooks.advice.noEvents' : 'webhooks.advice.active')}
    </Advice>
  );
}
