import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'wouter';
import { useIsOperator } from '../../../session/session-context.js';
import { Button, LinkButton } from '../../../ui/button.js';
import type { EditorFinding } from '../../../ui/json-editor-view.js';
import { Section } from '../../../ui/page.js';
import { ProblemNotice } from '../../../ui/problem-notice.js';
import { QueryView } from '../../../ui/query-view.js';
import { useCatalogue } from '../../event-types/catalogue.js';
import { type Chosen, EventPicker } from '../events/event-picker.js';
import { filtersOf, findingsOn } from '../events/filters.js';
import shared from '../webhooks.module.css';
import { AdvancedFields } from './advanced-fields.js';
import { BasicFields } from './basic-fields.js';
import { type Created, create } from './create.js';
import styles from './create-form.module.css';
import { DEFAULTS } from './draft.js';
import { focusFirstError } from './focus-first-error.js';
import { HeaderFields, type HeaderRow, headersOf } from './header-fields.js';
import { OwnerField, ownerOf } from './owner-field.js';
import { useSettings } from './use-settings.js';

/** Thrown to end a creation whose filters are not well formed; they say themselves what is wrong. */
class WrongFilters extends Error {}

export function CreateForm({ onCreated }: { readonly onCreated: (created: Created) => void }) {
  const { t } = useTranslation();
  const isOperator = useIsOperator();
  const [search] = useSearchParams();
  const form = useRef<HTMLFormElement>(null);
  const catalogue = useCatalogue();
  const [chosen, setChosen] = useState<Chosen>(new Map());
  const [headers, setHeaders] = useState<readonly HeaderRow[]>([]);
  const [owner, setOwner] = useState(search.get('user_id') ?? '');
  const [findings, setFindings] = useState<ReadonlyMap<string, readonly EditorFinding[]>>(new Map());
  const making = useMutation({
    mutationFn: async () => {
      const wrong = await wrongFilters(chosen);
      setFindings(wrong);
      if (wrong.size > 0) throw new WrongFilters();
      return create({ draft: settings.draft, chosen, headers: headersOf(headers), owner: ownerOf(owner) });
    },
    onSuccess: onCreated,
    onError: () => focusFirstError(form.current),
  });
  const settings = useSettings(DEFAULTS, making.error);
  const isOwnerMissing = isOperator && owner.trim() === '';
  const [wasTried, setWasTried] = useState(false);

  function submit(event: FormEvent): void {
    event.preventDefault();
    setWasTried(true);
    const isReady = settings.check() && !isOwnerMissing && [...chosen.values()].every(isFilter);
    if (isReady) making.mutate();
    else focusFirstError(form.current);
  }

  return (
    <form ref={form} className={shared.stack} noValidate onSubmit={submit}>
      <Section title={t('webhooks.parts.endpoint')}>
        {isOperator && (
          <OwnerField
            value={owner}
            onChange={setOwner}
            error={wasTried && isOwnerMissing ? t('webhooks.mistakes.owner') : undefined}
          />
        )}
        <BasicFields {...settings} />
      </Section>
      <Section title={t('webhooks.parts.events')}>
        <p className={shared.muted}>{t('webhooks.eventsLead')}</p>
        <QueryView query={catalogue}>
          {({ types, isWhole }) =>
            types.length === 0 ? (
              <p>{t('webhooks.noEventTypes')}</p>
            ) : (
              <EventPicker types={types} isWhole={isWhole} chosen={chosen} onChange={setChosen} findings={findings} />
            )
          }
        </QueryView>
      </Section>
      <Section title={t('webhooks.parts.advanced')}>
        <details className={styles.advanced}>
          <summary>{t('webhooks.advancedSummary')}</summary>
          <AdvancedFields {...settings} />
          <h3>{t('webhooks.headers.title')}</h3>
          <p className={shared.muted}>{t('webhooks.headers.hint')}</p>
          <HeaderFields rows={headers} onChange={setHeaders} />
        </details>
      </Section>
      {making.error !== null && !(making.error instanceof WrongFilters) && <ProblemNotice error={making.error} />}
      <div className={shared.row}>
        <Button type="submit" busy={making.isPending}>
          {t('webhooks.createSubmit')}
        </Button>
        <LinkButton look="secondary" href="/webhooks">
          {t('app.cancel')}
        </LinkButton>
        {chosen.size === 0 && <p className={shared.muted}>{t('webhooks.noneChosen')}</p>}
      </div>
    </form>
  );
}

const isFilter = (text: string): boolean => filtersOf(text) !== undefined;

async function wrongFilters(chosen: Chosen): Promise<ReadonlyMap<string, readonly EditorFinding[]>> {
  const wrong = new Map<string, readonly EditorFinding[]>();
  for (const [type, text] of chosen) {
    const filters = filtersOf(text);
    const findings = filters ? await findingsOn(filters) : [];
    if (findings.length > 0) wrong.set(type, findings);
  }
  return wrong;
}
