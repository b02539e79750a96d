import { Telescope } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../i18n/formats.js';
import { Button } from '../../ui/button.js';
import { ProblemNotice } from '../../ui/problem-notice.js';
import type { Found } from './find-deliveries.js';
import styles from './look-further.module.css';

interface LookFurtherProps {
  readonly page: Found;
  readonly busy: boolean;
  readonly error: unknown;
  readonly onGo: () => void;
}

/** Where few match among very many: how far it was looked, and that it can be gone on. */
export function LookFurther({ page, busy, error, onGo }: LookFurtherProps) {
  const { t } = useTranslation();
  const { number } = useFormats();
  return (
    <div className={styles.further}>
      <p role="status">
        {t('deliveries.lookedThrough', {
          count: page.rows.length,
          number: number(page.rows.length),
          looked: number(page.lookedThrough),
        })}
      </p>
      <Button look="secondary" icon={Telescope} busy={busy} onClick={onGo}>
        {t('deliveries.lookFurther')}
      </Button>
      {error !== null && <ProblemNotice error={error} retry={onGo} />}
    </div>
  );
}
