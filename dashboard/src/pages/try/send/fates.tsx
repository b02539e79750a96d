import { ArrowRight } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Section } from '../../../ui/page.js';
import { Fate } from './fate.js';
import styles from './fates.module.css';

/** What came of the test events that were sent from here, the latest first. */
export function Fates({ ids }: { readonly ids: readonly string[] }) {
  const { t } = useTranslation();
  return (
    <Section title={t('try.fate.title')}>
      {ids.length === 0 && (
        <ol className={styles.steps}>
          {(['queued', 'called', 'answered'] as const).map((step) => (
            <li key={step}>
              <ArrowRight aria-hidden size={15} />
              {t(`try.fate.steps.${step}`)}
            </li>
          ))}
        </ol>
      )}
      <div className={styles.fates}>
        {ids.map((id) => (
          <Fate key={id} id={id} />
        ))}
      </div>
    </Section>
  );
}
