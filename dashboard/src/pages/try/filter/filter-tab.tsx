import { FileQuestion, History, Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../ui/button.js';
import { CopyButton } from '../../../ui/copy-button.js';
import { EmptyState } from '../../../ui/empty-state.js';
import { JsonEditor } from '../../../ui/json-editor.js';
import { Loading } from '../../../ui/loading.js';
import { Section } from '../../../ui/page.js';
import { ProblemNotice } from '../../../ui/problem-notice.js';
import { EventTypeChoice } from '../event-type-choice.js';
import shared from '../try.module.css';
import { type FilterDraft, MOST_PAYLOADS, type PayloadText } from './filter-draft.js';
import styles from './filter-tab.module.css';
import { useFilterTest } from './filter-test.js';
import { FilterVerdict } from './filter-verdict.js';
import { OperatorsReference } from './operators-reference.js';
import { PayloadCard } from './payload-card.js';
import { useRecentPayloads } from './recent-payloads.js';
import { SubscriptionDialog } from './subscription-dialog.js';

const NONE: readonly PayloadText[] = [];

/** A filter beside payloads, and for each whether it goes through and why. */
export function FilterTab({ draft }: { readonly draft: FilterDraft }) {
  const { t } = useTranslation();
  const payloads = draft.payloads ?? NONE;
  const test = useFilterTest(draft.filter, payloads);
  const [isOpen, setIsOpen] = useState(false);
  return (
    <div className={styles.halves}>
      <div className={shared.stack}>
        <Section
          title={t('try.filter.filter')}
          actions={<CopyButton text={draft.filter} what={t('try.filter.filter')} />}
        >
          <JsonEditor label={t('try.filter.filter')} value={draft.filter} onChange={draft.writeFilter} />
          <FilterVerdict test={test} payloads={payloads} />
          <div className={shared.bar}>
            <p className={shared.quiet}>{t('try.filter.use')}</p>
            <Button look="secondary" onClick={() => setIsOpen(true)}>
              {t('try.filter.inSubscription')}
            </Button>
          </div>
        </Section>
        <OperatorsReference draft={draft} />
        <SubscriptionDialog draft={draft} isOpen={isOpen} onClose={() => setIsOpen(false)} />
      </div>
      <Payloads draft={draft} test={test} />
    </div>
  );
}

function Payloads({ draft, test }: { readonly draft: FilterDraft; readonly test: ReturnType<typeof useFilterTest> }) {
  const { t } = useTranslation();
  const recent = useRecentPayloads(draft);
  const isFull = (draft.payloads?.length ?? 0) >= MOST_PAYLOADS;
  return (
    <Section
      title={t('try.filter.payloads')}
      actions={
        <Button look="secondary" icon={Plus} disabled={isFull} onClick={isFull ? undefined : draft.addExample}>
          {t('try.filter.add')}
        </Button>
      }
    >
      <div className={styles.choosing}>
        <EventTypeChoice
          types={draft.catalogue?.types ?? []}
          value={draft.eventType}
          onChoose={draft.chooseEventType}
        />
        <Button
          look="secondary"
          icon={History}
          busy={recent.isPending}
          disabled={draft.eventType === undefined}
          onClick={() => recent.mutate()}
        >
          {t('try.filter.recent')}
        </Button>
      </div>
      <p role="status" className={shared.quiet}>
        {recent.data === 0 && t('try.filter.noneRecent', { type: draft.eventType ?? '' })}
        {recent.data !== undefined && recent.data > 0 && t('try.filter.taken', { count: recent.data })}
      </p>
      {recent.isError && <ProblemNotice error={recent.error} retry={() => recent.mutate()} />}
      {draft.payloads === undefined && <Loading label={t('app.loading')} />}
      {draft.payloads?.length === 0 && (
        <EmptyState icon={FileQuestion} title={t('try.filter.noPayloads')}>
          {t('try.filter.noPayloadsText')}
        </EmptyState>
      )}
      {draft.payloads?.map((payload, at) => (
        <PayloadCard
          key={payload.id}
          number={at + 1}
          payload={payload}
          result={test.results.get(payload.id)}
          onChange={(text) => draft.writePayload(payload.id, text)}
          onRemove={() => draft.remove(payload.id)}
        />
      ))}
    </Section>
  );
}
