import { useMutation } from '@tanstack/react-query';
import { Megaphone, RefreshCw, Zap } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ok } from '../../../api/client.js';
import { queries } from '../../../api/queries.js';
import { useMayWrite } from '../../../session/session-context.js';
import { Button, IconButton } from '../../../ui/button.js';
import { ConfirmDialog } from '../../../ui/confirm-dialog.js';
import { Field, Input } from '../../../ui/field.js';
import { readObject } from '../../../ui/json-text.js';
import { Section } from '../../../ui/page.js';
import { ProblemNotice } from '../../../ui/problem-notice.js';
import { Segments } from '../../../ui/segments.js';
import { EventTypeChoice } from '../event-type-choice.js';
import { usePayloadCheck } from '../payload-check.js';
import { PayloadEditor } from '../payload-editor.js';
import shared from '../try.module.css';
import { AUDIENCES, type TriggerDraft } from './trigger-draft.js';
import styles from './trigger-tab.module.css';
import { type Accepted, TriggeredEvent } from './triggered-event.js';

/** For the operator: an event as the application would trigger it, and the deliveries that it makes. */
export function TriggerTab({ draft }: { readonly draft: TriggerDraft }) {
  const { t } = useTranslation();
  const [isAsking, setIsAsking] = useState(false);
  const check = usePayloadCheck(draft.eventType, draft.payload.text ?? '{}');
  const triggering = useMutation({
    mutationFn: () => trigger(draft),
    onSuccess: () => {
      draft.renewKey();
      void queries.invalidateQueries({ queryKey: ['deliveries'] });
    },
  });
  const isBroadcast = draft.audience === 'broadcast';
  const mayWrite = useMayWrite();
  const isReady =
    mayWrite &&
    draft.payload.text !== undefined &&
    (check.state === 'valid' || check.state === 'unchecked' || check.state === 'checking') &&
    (isBroadcast || draft.user.trim() !== '') &&
    draft.key !== '';
  const press = (): void => (isBroadcast ? setIsAsking(true) : triggering.mutate());
  return (
    <div className={shared.columns}>
      <Section title={t('try.trigger.title')}>
        <Audience draft={draft} />
        <EventTypeChoice
          types={draft.catalogue?.types ?? []}
          value={draft.eventType}
          onChoose={draft.chooseEventType}
        />
        <PayloadEditor label={t('try.payload')} draft={draft.payload} check={check} />
        <IdempotencyKey draft={draft} />
        {triggering.isError && !isAsking && <ProblemNotice error={triggering.error} />}
        <div className={shared.bar}>
          <p className={shared.quiet}>{t('try.trigger.hint')}</p>
          <Button icon={isBroadcast ? Megaphone : Zap} busy={triggering.isPending} disabled={!isReady} onClick={press}>
            {t(isBroadcast ? 'try.trigger.toAll' : 'try.trigger.trigger')}
          </Button>
        </div>
        <ConfirmDialog
          title={t('try.trigger.confirmTitle')}
          isOpen={isAsking}
          onClose={() => setIsAsking(false)}
          confirm={t('try.trigger.toAll')}
          onConfirm={() => triggering.mutateAsync()}
        >
          {t('try.trigger.confirm', { type: draft.eventType ?? '' })}
        </ConfirmDialog>
      </Section>
      <Section title={t('try.trigger.made')}>
        {triggering.data === undefined ? (
          <p className={shared.quiet}>{t('try.trigger.nothingYet')}</p>
        ) : (
          <TriggeredEvent key={triggering.data.event_id} accepted={triggering.data} />
        )}
      </Section>
    </div>
  );
}

function Audience({ draft }: { readonly draft: TriggerDraft }) {
  const { t } = useTranslation();
  const { audience } = draft;
  return (
    <>
      <div className={styles.start}>
        <Segments
          label={t('try.trigger.audience')}
          value={audience}
          choices={AUDIENCES.map((value) => ({ value, label: t(`try.trigger.audiences.${value}`) }))}
          onChoose={draft.chooseAudience}
        />
      </div>
      {audience === 'broadcast' ? (
        <p className={shared.quiet}>{t('try.trigger.everyone')}</p>
      ) : (
        <Field label={t(`try.trigger.users.${audience}`)} hint={t(`try.trigger.userHints.${audience}`)}>
          {(control) => (
            <Input
              {...control}
              className="mono"
              value={draft.user}
              autoComplete="off"
              spellCheck={false}
              onChange={(event) => draft.writeUser(event.target.value)}
            />
          )}
        </Field>
      )}
    </>
  );
}

function IdempotencyKey({ draft }: { readonly draft: TriggerDraft }) {
  const { t } = useTranslation();
  return (
    <Field label={t('try.trigger.key')} hint={t('try.trigger.keyHint')}>
      {(control) => (
        <span className={styles.withButton}>
          <Input
            {...control}
            className="mono"
            value={draft.key}
            maxLength={255}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => draft.writeKey(event.target.value)}
          />
          <IconButton icon={RefreshCw} label={t('try.trigger.newKey')} onClick={draft.renewKey} />
        </span>
      )}
    </Field>
  );
}

async function trigger({ eventType, payload, audience, user, key }: TriggerDraft): Promise<Accepted> {
  const read = readObject(payload.text ?? '');
  if (eventType === undefined || read.kind !== 'object') throw new Error('There is nothing to trigger.');
  const whom = audience === 'broadcast' ? { broadcast: true as const } : { [audience]: user.trim() };
  const result = await api.POST('/v1/events', {
    params: { header: { 'idempotency-key': key } },
    body: { type: eventType, payload: read.value, ...whom },
  });
  // A batch alone has results.
  return ok(result) as Accepted;
}
