import { Pencil } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { useFormats } from '../../../i18n/formats.js';
import { useIsOperator, useMayWrite } from '../../../session/session-context.js';
import { LinkButton } from '../../../ui/button.js';
import { CodeBlock } from '../../../ui/code-block.js';
import { Definitions } from '../../../ui/definitions.js';
import { Section } from '../../../ui/page.js';
import { readable } from '../../../ui/readable.js';
import { DateTime } from '../../../ui/time.js';
import { scheduleOf } from '../form/schedule.js';
import type { VersionedWebhook } from '../queries.js';
import { HeadersSection } from './headers-section.js';

/** What a webhook is set to. */
export function SettingsTab({ webhook }: VersionedWebhook) {
  const { t } = useTranslation();
  const formats = useFormats();
  const isOperator = useIsOperator();
  const mayWrite = useMayWrite();
  const yesOrNo = (is: boolean): string => t(is ? 'webhooks.yes' : 'webhooks.no');
  const limit = (value: number | null): string => (value === null ? t('webhooks.noLimit') : formats.number(value));
  const delays = scheduleOf(webhook.retry_delay_seconds, webhook.retry_enabled ? webhook.max_retries : 0);
  return (
    <>
      <Section
        title={t('webhooks.tabs.settings')}
        actions={
          mayWrite && (
            <LinkButton look="secondary" icon={Pencil} href={`/webhooks/${webhook.id}/edit`}>
              {t('webhooks.edit')}
            </LinkButton>
          )
        }
      >
        <Definitions
          items={[
            [t('webhooks.id'), <code key="id">{webhook.id}</code>],
            ...(isOperator
              ? [
                  [
                    t('webhooks.owner'),
                    <Link key="owner" href={`/webhooks?user_id=${webhook.user_id}`} className="mono">
                      {webhook.user_id}
                    </Link>,
                  ] as const,
                ]
              : []),
            [t('webhooks.fields.description'), webhook.description || '–'],
            [
              t('webhooks.parts.retries'),
              delays.length === 0 ? t('webhooks.noRetries') : delays.map((one) => formats.duration(one)).join(' → '),
            ],
            [t('webhooks.fields.timeout_seconds'), formats.duration(webhook.timeout_seconds)],
            [t('webhooks.fields.rate_limit_per_second'), limit(webhook.rate_limit_per_second)],
            [t('webhooks.fields.rate_limit_burst'), limit(webhook.rate_limit_burst)],
            [t('webhooks.fields.is_ordered'), yesOrNo(webhook.is_ordered)],
            ...(webhook.ordering_key_path === null
              ? []
              : [
                  [
                    t('webhooks.fields.ordering_key_path'),
                    <code key="path">{webhook.ordering_key_path}</code>,
                  ] as const,
                ]),
            [
              t('webhooks.fields.signature_algorithm'),
              webhook.signature_algorithm === 'sha256' ? 'SHA-256' : 'SHA-512',
            ],
            [t('webhooks.fields.sign_asymmetric'), yesOrNo(webhook.sign_asymmetric)],
            [t('webhooks.createdAt'), <DateTime key="created" iso={webhook.created_at} />],
            [t('webhooks.updatedAt'), <DateTime key="updated" iso={webhook.updated_at} />],
          ]}
        />
      </Section>
      <HeadersSection webhook={webhook} />
      <Section title={t('webhooks.fields.metadata')}>
        <CodeBlock label={t('webhooks.metadataJson')} text={readable(webhook.metadata)} />
      </Section>
    </>
  );
}
