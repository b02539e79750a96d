import { RotateCw } from 'lucide-react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.js';
import { Dialog } from '../../ui/dialog.js';
import { ProgressBar } from './progress-bar.js';
import styles from './retry-chosen-dialog.module.css';
import { type Progress, retryDeliveries } from './retry-deliveries.js';
import { readListAgain } from './use-delivery-list.js';

interface RetryChosenDialogProps {
  readonly ids: readonly string[];
  readonly onClose: (retriedAny: boolean) => void;
}

/** Asks, tries the chosen deliveries again, shows how far it is, and sums up what was refused and why. */
export function RetryChosenDialog({ ids, onClose }: RetryChosenDialogProps) {
  const { t } = useTranslation();
  const [chosen] = useState(ids);
  const [progress, setProgress] = useState<Progress>();
  const stop = useRef<AbortController>(null);
  const isRunning = progress !== undefined && progress.done < progress.total;

  async function run(): Promise<void> {
    stop.current = new AbortController();
    await retryDeliveries(chosen, setProgress, stop.current.signal);
    await readListAgain();
  }
  function close(): void {
    stop.current?.abort();
    onClose(progress !== undefined);
  }

  return (
    <Dialog
      title={t('deliveries.retryChosen.title')}
      isOpen
      onClose={close}
      actions={
        progress === undefined ? (
          <>
            <Button look="secondary" onClick={close}>
              {t('app.cancel')}
            </Button>
            <Button icon={RotateCw} onClick={() => void run()}>
              {t('deliveries.retryChosen.start', { count: chosen.length })}
            </Button>
          </>
        ) : (
          <Button look={isRunning ? 'secondary' : 'primary'} onClick={close}>
            {isRunning ? t('deliveries.retryChosen.stop') : t('app.close')}
          </Button>
        )
      }
    >
      {progress === undefined ? (
        <p>{t('deliveries.retryChosen.text', { count: chosen.length })}</p>
      ) : (
        <Outcome progress={progress} isRunning={isRunning} />
      )}
    </Dialog>
  );
}

function Outcome({ progress, isRunning }: { readonly progress: Progress; readonly isRunning: boolean }) {
  const { t } = useTranslation();
  const { done, total, retried, refused } = progress;
  return (
    <>
      <ProgressBar label={t('deliveries.retryChosen.progress')} done={done} total={total} />
      <div role="status">
        {!isRunning && <p>{t('deliveries.retryChosen.done', { count: retried })}</p>}
        {!isRunning && refused.size > 0 && (
          <>
            <p className={styles.refused}>{t('deliveries.retryChosen.refused', { count: total - retried })}</p>
            <ul className={styles.reasons}>
              {[...refused].map(([code, { count, message }]) => (
                <li key={code}>
                  {t('deliveries.retryChosen.reason', { times: count, message })} <code>{code}</code>
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
    </>
  );
}
