import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'wouter';
import { useIsOperator } from '../../session/session-context.js';
import { Page } from '../../ui/page.js';
import { Tabs } from '../../ui/tabs.js';
import { useFilterDraft } from './filter/filter-draft.js';
import { FilterTab } from './filter/filter-tab.js';
import { useSendDraft } from './send/send-draft.js';
import { SendTab } from './send/send-tab.js';
import { useTriggerDraft } from './trigger/trigger-draft.js';
import { TriggerTab } from './trigger/trigger-tab.js';

/** Test events, filters, and for the operator real events. What was typed stays when the tab is changed. */
export function TryPage() {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchParams();
  const isOperator = useIsOperator();
  const send = useSendDraft(search.get('webhook') ?? undefined, search.get('event_type') ?? undefined);
  const filter = useFilterDraft(search.get('event_type') ?? undefined, send.eventType);
  const trigger = useTriggerDraft(search.get('event_type') ?? undefined);
  const tabs = [
    { id: 'send', label: t('try.tabs.send'), content: <SendTab draft={send} /> },
    { id: 'filter', label: t('try.tabs.filter'), content: <FilterTab draft={filter} /> },
    ...(isOperator ? [{ id: 'trigger', label: t('try.tabs.trigger'), content: <TriggerTab draft={trigger} /> }] : []),
  ];
  const wanted = search.get('tab');
  return (
    <Page title={t('try.title')} lead={t('try.lead')}>
      <Tabs
        label={t('try.title')}
        tabs={tabs}
        value={tabs.find(({ id }) => id === wanted)?.id ?? 'send'}
        onChange={(tab) =>
          setSearch(
            (before) => {
              const next = new URLSearchParams(before);
              next.set('tab', tab);
              return next;
            },
            { replace: true },
          )
        }
      />
    </Page>
  );
}
