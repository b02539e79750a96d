import { useMutation } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ok } from '../../../api/client.js';
import { Button } from '../../../ui/button.js';
import { Dialog } from '../../../ui/dialog.js';
import type { EditorFinding } from '../../../ui/json-editor-view.js';
import { ProblemNotice } from '../../../ui/problem-notice.js';
import { readable } from '../../../ui/readable.js';
import { FilterEditor } from '../events/filter-editor.js';
import { filtersOf, findingsOn } from '../events/filters.js';
import { focusFirstError } from '../form/focus-first-error.js';
import { refreshWebhook, type Subscription } from '../queries.js';

interface FilterDialogProps {
  readonly subscription: Subscription;
  readonly onClose: () => void;
}

/** Changes the filters of a subscription; an empty text takes them away. */
export function FilterDialog({ subscription, onClose }: FilterDialogProps) {
  const { t } = useTranslation();
  const editor = useRef<HTMLDivElement>(null);
  const { webhook_id, event_type, filters } = subscription;
  const [text, setText] = useState(filters === null ? '' : readable(filters));
  const [findings, setFindings] = useState<readonly EditorFinding[]>([]);
  const saving = useMutation({
    mutationFn: async () => {
      const next = filtersOf(text);
      if (next === undefined) return focusFirstError(editor.current);
      const wrong = next === null ? [] : await findingsOn(next);
      setFindings(wrong);
      if (wrong.length > 0) return focusFirstError(editor.current);
      const params = { path: { webhook_id, event_type } };
      ok(await api.PATCH('/v1/webhooks/{webhook_id}/subscriptions/{event_type}', { params, body: { filters: next } }));
      await refreshWebhook(webhook_id);
      onClose();
    },
  });
  return (
    <Dialog
      title={t('webhooks.filterOf', { name: event_type })}
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button look="secondary" onClick={onClose}>
            {t('app.cancel')}
          </Button>
          <Button busy={saving.isPending} onClick={() => saving.mutate()}>
            {t('app.save')}
          </Button>
        </>
      }
    >
      <div ref={editor}>
        <FilterEditor eventType={event_type} value={text} onChange={setText} findings={findings} />
      </div>
      {saving.error !== null && <ProblemNotice error={saving.error} />}
    </Dialog>
  );
}
