import { useTranslation } from 'react-i18next';
import { useIsOperator, useMayWrite } from '../../session/session-context.js';
import { LinkButton } from '../../ui/button.js';
import { CodeBlock } from '../../ui/code-block.js';
import { Section } from '../../ui/page.js';
import type { Beginnings } from './beginnings.js';
import { Step, Steps } from './step.js';

/** What comes first, for somebody without a delivery: steps that are done are ticked off. */
export function FirstSteps({ beginnings }: { readonly beginnings: Beginnings }) {
  const { t } = useTranslation();
  const isOperator = useIsOperator();
  return (
    <Section title={t('overview.steps.title')}>
      {isOperator ? <OperatorSteps {...beginnings} /> : <UserSteps {...beginnings} />}
    </Section>
  );
}

function UserSteps({ webhook, hasDelivery }: Beginnings) {
  const { t } = useTranslation();
  const mayWrite = useMayWrite();
  const hasWebhook = webhook !== undefined;
  return (
    <Steps>
      <Step
        title={t('overview.steps.createWebhook')}
        text={t('overview.steps.createWebhookText')}
        isDone={hasWebhook}
        action={
          mayWrite && (
            <LinkButton href="/webhooks/new" look={hasWebhook ? 'secondary' : 'primary'}>
              {t('overview.steps.createWebhookAction')}
            </LinkButton>
          )
        }
      />
      <Step
        title={t('overview.steps.sendTest')}
        text={t('overview.steps.sendTestText')}
        isDone={hasDelivery}
        action={
          hasWebhook && (
            <LinkButton href="/try" look={hasDelivery ? 'secondary' : 'primary'}>
              {t('overview.steps.sendTestAction')}
            </LinkButton>
          )
        }
      />
      <Step
        title={t('overview.steps.verify')}
        text={t('overview.steps.verifyText')}
        action={
          webhook && (
            <LinkButton href={`/webhooks/${webhook.id}`} look="secondary">
              {t('overview.steps.verifyAction')}
            </LinkButton>
          )
        }
      />
    </Steps>
  );
}

function OperatorSteps({ webhook, eventType, hasDelivery }: Beginnings) {
  const { t } = useTranslation();
  return (
    <Steps>
      <Step
        title={t('overview.steps.eventTypes')}
        text={t('overview.steps.eventTypesText')}
        isDone={eventType !== undefined}
        action={
          <LinkButton href="/event-types" look={eventType === undefined ? 'primary' : 'secondary'}>
            {t('overview.steps.eventTypesAction')}
          </LinkButton>
        }
      />
      <Step
        title={t('overview.steps.portal')}
        text={t('overview.steps.portalText')}
        isDone={webhook !== undefined}
        action={
          <LinkButton href="/operator/tenants" look={webhook === undefined ? 'primary' : 'secondary'}>
            {t('overview.steps.portalAction')}
          </LinkButton>
        }
      />
      <Step
        title={t('overview.steps.firstEvent')}
        text={t('overview.steps.firstEventText')}
        isDone={hasDelivery}
        action={
          <LinkButton href="/try" look="secondary">
            {t('overview.steps.sendTestAction')}
          </LinkButton>
        }
      >
        <CodeBlock label={t('overview.steps.curl')} text={curlOf(eventType ?? 'order.paid', webhook?.user_id)} />
      </Step>
    </Steps>
  );
}

/** The command that sends an event: to the owner of a webhook where there is one, else to everyone, since a user who is not known is refused. */
function curlOf(type: string, userId: string | undefined): string {
  const name = userId === undefined ? { broadcast: true } : { user_id: userId };
  return [
    `curl -X POST ${location.origin}/v1/events \\`,
    '  -H "Authorization: Bearer $HOOKLINE_SERVICE_KEY" \\',
    "  -H 'Content-Type: application/json' \\",
    `  -d '${JSON.stringify({ type, ...name, payload: { hello: 'world' } })}'`,
  ].join('\n');
}
