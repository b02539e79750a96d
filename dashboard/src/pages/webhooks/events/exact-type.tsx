import { useMutation } from '@tanstack/react-query';
import { Search } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { api, ok } from '../../../api/client.js';
import { Button } from '../../../ui/button.js';
import { ProblemNotice } from '../../../ui/problem-notice.js';
import type { EventType } from '../queries.js';

interface ExactTypeProps {
  readonly name: string;
  readonly onFound: (type: EventType) => void;
}

/** Offers to look for an event type that is not among those that were read, by its whole name. */
export function ExactType({ name, onFound }: ExactTypeProps) {
  const { t } = useTranslation();
  const looking = useMutation({
    mutationFn: async () =>
      ok(await api.GET('/v1/event-types/{event_type}', { params: { path: { event_type: name } } })),
    onSuccess: onFound,
  });
  return (
    <div>
      <Button look="secondary" icon={Search} busy={looking.isPending} onClick={() => looking.mutate()}>
        {t('webhooks.lookForExact', { name })}
      </Button>
      {looking.error !== null && <ProblemNotice error={looking.error} />}
    </div>
  );
}
