import { Plus } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../../../ui/button.js';
import { readableJsonOf, readObject } from '../../../ui/json-text.js';
import shared from '../try.module.css';
import type { FilterDraft } from './filter-draft.js';
import { EXAMPLES, OPERATOR_WORDS } from './operators.js';
import styles from './operators-reference.module.css';

/** Every operator with an example, which goes into the filter at the press of a button. */
export function OperatorsReference({ draft }: { readonly draft: FilterDraft }) {
  const { t } = useTranslation();
  const filter = readObject(draft.filter);
  return (
    <details className={styles.reference}>
      <summary>{t('try.filter.reference')}</summary>
      <p className={shared.quiet}>{t('try.filter.rules')}</p>
      <ul className={styles.operators}>
        {OPERATOR_WORDS.map((word) => (
          <li key={word}>
            <span>{t(`try.meanings.${word}`)}</span>
            <code>{JSON.stringify(EXAMPLES[word])}</code>
            <IconButton
              icon={Plus}
              label={t('try.filter.addExample', { example: JSON.stringify(EXAMPLES[word]) })}
              disabled={filter.kind !== 'object'}
              onClick={() =>
                filter.kind === 'object' && draft.writeFilter(readableJsonOf({ ...filter.value, ...EXAMPLES[word] }))
              }
            />
          </li>
        ))}
      </ul>
    </details>
  );
}
