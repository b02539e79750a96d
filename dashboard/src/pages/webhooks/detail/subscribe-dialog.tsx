import { useMutation } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ok } from '../../../api/client.js';
import { Button } from '../../../ui/button.js';
import { Dialog } from '../../../ui/dialog.js';
import type { EditorFinding } from '../../../ui/json-editor-view.js';
import { ProblemNotice } from '../../../ui/problem-notice.js';
import { type Chosen, EventPicker } from '../events/event-picker.js';
import { filtersOf, findingsOn } from '../events/filters.js';
import { focusFirstError } from '../form/focus-first-error.js';
import { type EventType, refreshWebhook } from '../queries.js';

interface SubscribeDialogProps {
  readonly webhookId: string;
  readonly types: readonly EventType[];
  /** There are no more than those. */
  readonly isWhole: boolean;
  /** Those that it has already. */
  readonly subscribed: readonly string[];
  readonly onClose: () => void;
}

/** Subscribes a webhook to more event types, each with its filters at once. */
export function SubscribeDialog({ webhookId, types, isWhole, subscribed, onClose }: SubscribeDialogProps) {
  const { t } = useTranslation();
  const picker = useRef<HTMLDivElement>(null);
  const [chosen, setChosen] = useState<Chosen>(new Map());
  const [findings, setFindings] = useState<ReadonlyMap<string, readonly EditorFinding[]>>(new Map());
  const saving = useMutation({
    mutationFn: async () => {
      if ([...chosen.values()].some((text) => filtersOf(text) === undefined)) return focusFirstError(picker.current);
      for (const [type, text] of chosen) {
        const filters = filtersOf(text) ?? null;
        const wrong = filters === null ? [] : await findingsOn(filters);
        setFindings(new Map([[type, wrong]]));
        if (wrong.length > 0) return focusFirstError(picker.current);
        const params = { path: { webhook_id: webhookId, event_type: type } };
        ok(await api.PUT('/v1/webhooks/{webhook_id}/subscriptions/{event_type}', { params, body: { filters } }));
      }
      onClose();
    },
    onSettled: () => refreshWebhook(webhookId),
  });
  return (
    <Dialog
      title={t('webhooks.subscribe')}
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button look="secondary" onClick={onClose}>
            {t('app.cancel')}
          </Button>
          <Button disabled={chosen.size === 0} busy={saving.isPending} onClick={() => saving.mutate()}>
            {t('webhooks.subscribeTo', { count: chosen.size })}
          </Button>
        </>
      }
    >
      <div ref={picker}>
        <EventPicker
          types={types}
          isWhole={isWhole}
          without={subscribed}
          chosen={chosen}
          onChange={setChosen}
          findings={findings}
        />
      </div>
      {saving.error !== null && <ProblemNotice error={saving.error} />}
    </Dialog>
  );
}
