import { ChevronRight, Filter } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Badge } from '../../../ui/badge.js';
import { Checkbox } from '../../../ui/field.js';
import type { EditorFinding } from '../../../ui/json-editor-view.js';
import type { EventType } from '../queries.js';
import shared from '../webhooks.module.css';
import styles from './event-choice.module.css';
import { EventDetails } from './event-details.js';
import { FilterEditor } from './filter-editor.js';

interface EventChoiceProps {
  readonly type: EventType;
  /** The text of its filters; undefined: the type is not chosen. */
  readonly filter: string | undefined;
  readonly onChoose: (isChosen: boolean) => void;
  readonly onFilter: (text: string) => void;
  readonly findings: readonly EditorFinding[] | undefined;
}

/** An event type to choose, what it carries, and once chosen its filters. */
export function EventChoice({ type, filter, onChoose, onFilter, findings = [] }: EventChoiceProps) {
  const { t } = useTranslation();
  const { event_type: name, description, is_enabled } = type;
  return (
    <div className={styles.choice} data-chosen={filter !== undefined}>
      <div className={shared.row}>
        <Checkbox
          label={<code className={shared.eventName}>{name}</code>}
          hint={description ?? undefined}
          checked={filter !== undefined}
          disabled={!is_enabled && filter === undefined}
          onChange={({ target }) => onChoose(target.checked)}
        />
        {!is_enabled && <Badge tone="warn">{t('webhooks.disabledType')}</Badge>}
        {filter?.trim() && (
          <Badge tone="info" icon={Filter}>
            {t('webhooks.filtered')}
          </Badge>
        )}
      </div>
      <div className={styles.folds}>
        <Fold title={t('webhooks.details')} of={name}>
          <EventDetails type={type} />
        </Fold>
        {filter !== undefined && (
          <Fold title={t('webhooks.filter')} of={name} isOpen={findings.length > 0}>
            <FilterEditor eventType={name} value={filter} onChange={onFilter} findings={findings} />
          </Fold>
        )}
      </div>
    </div>
  );
}

interface FoldProps {
  readonly title: string;
  /** What it is of; for screen readers, which meet many of the same title. */
  readonly of: string;
  readonly isOpen?: boolean;
  readonly children: ReactNode;
}

/** Content that is made when it is first unfolded. */
function Fold({ title, of, isOpen = false, children }: FoldProps) {
  const [wasOpened, setWasOpened] = useState(false);
  return (
    <details
      className={styles.fold}
      open={isOpen || undefined}
      onToggle={({ currentTarget }) => setWasOpened(wasOpened || currentTarget.open)}
    >
      <summary>
        <ChevronRight aria-hidden size={15} />
        {title}
        <span className="visually-hidden"> {of}</span>
      </summary>
      {(wasOpened || isOpen) && children}
    </details>
  );
}
