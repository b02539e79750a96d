import { CircleStop, Repeat } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.js';
import { Dialog } from '../../ui/dialog.js';
import { ProblemNotice } from '../../ui/problem-notice.js';
import styles from './bulk-replay.module.css';
import { BulkReplayForm } from './bulk-replay-form.js';
import { newReplayForm, wantedBy } from './replay-form.js';
import { ReplayProgress } from './replay-progress.js';
import {
  DEFAULT_RATE,
  startReplay,
  useCancelReplay,
  useReplay,
  useReplayCount,
  useRunningReplay,
} from './use-replay.js';

interface BulkReplayDialogProps {
  /** The webhook that is chosen at first. */
  readonly webhookId?: string | undefined;
  /** It cannot be changed: the dialog is of this webhook. */
  readonly isOfWebhook?: boolean;
  readonly onClose: () => void;
}

/** Sends deliveries of a webhook again: which, how many it would be, and, once begun, how far it is. Shown while it is rendered. */
export function BulkReplayDialog({ webhookId = '', isOfWebhook = false, onClose }: BulkReplayDialogProps) {
  const [form, setForm] = useState(() => newReplayForm(webhookId));
  // Once shown, a replay stays until the dialog is closed, also when it has ended.
  const [shown, setShown] = useState<{ readonly id: string; readonly isOther: boolean }>();
  const { data: running } = useRunningReplay(form.webhookId);
  if (shown === undefined && running) setShown({ id: running.id, isOther: true });
  if (shown !== undefined) return <RunningReplay {...shown} onClose={onClose} />;
  return (
    <NewReplay
      form={form}
      onChange={setForm}
      isOfWebhook={isOfWebhook}
      onBegin={(id) => setShown({ id, isOther: false })}
      onClose={onClose}
    />
  );
}

interface NewReplayProps {
  readonly form: ReturnType<typeof newReplayForm>;
  readonly onChange: (form: ReturnType<typeof newReplayForm>) => void;
  readonly isOfWebhook: boolean;
  readonly onBegin: (id: string) => void;
  readonly onClose: () => void;
}

function NewReplay({ form, onChange, isOfWebhook, onBegin, onClose }: NewReplayProps) {
  const { t } = useTranslation();
  const wanted = wantedBy(form);
  const count = useReplayCount(wanted);
  const running = useRunningReplay(form.webhookId);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const rate = Number(form.rate);
  const isRate = Number.isInteger(rate) && rate >= 1 && rate <= 1_000;
  const isReady = wanted !== undefined && isRate && (count.data ?? 0) > 0 && !count.isFetching;

  async function begin(): Promise<void> {
    if (!isReady) return;
    setBusy(true);
    setError(undefined);
    try {
      const { id } = await startReplay(wanted, rate);
      onBegin(id);
    } catch (caught) {
      setError(caught);
      // Another may have begun meanwhile: then that one is shown.
      await running.refetch();
    } finally {
      setBusy(false);
    }
  }

  return (
    <Dialog
      title={t('deliveries.replay.title')}
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button look="secondary" onClick={onClose}>
            {t('app.cancel')}
          </Button>
          <Button icon={Repeat} busy={busy} disabled={!isReady} onClick={() => void begin()}>
            {count.data ? t('deliveries.replay.start', { count: count.data }) : t('deliveries.replay.startNone')}
          </Button>
        </>
      }
    >
      <p>{t('deliveries.replay.lead')}</p>
      <BulkReplayForm
        form={form}
        onChange={onChange}
        isOfWebhook={isOfWebhook}
        isRate={isRate}
        count={count}
        ratePerSecond={isRate ? rate : DEFAULT_RATE}
      />
      {error !== undefined && <ProblemNotice error={error} />}
    </Dialog>
  );
}

interface RunningReplayProps {
  readonly id: string;
  /** It was not begun here: one of a webhook runs at a time. */
  readonly isOther: boolean;
  readonly onClose: () => void;
}

function RunningReplay({ id, isOther, onClose }: RunningReplayProps) {
  const { t } = useTranslation();
  const { data: replay } = useReplay(id);
  const cancel = useCancelReplay(id);
  return (
    <Dialog
      title={t('deliveries.replay.title')}
      isOpen
      onClose={onClose}
      actions={
        <>
          {replay?.state === 'running' && (
            <Button look="secondary" icon={CircleStop} busy={cancel.isPending} onClick={() => cancel.mutate()}>
              {t('deliveries.replay.cancel')}
            </Button>
          )}
          <Button onClick={onClose}>{t('app.close')}</Button>
        </>
      }
    >
      {isOther && replay?.state === 'running' && <p className={styles.other}>{t('deliveries.replay.running')}</p>}
      <ReplayProgress id={id} />
      {cancel.isError && <ProblemNotice error={cancel.error} retry={() => cancel.mutate()} />}
    </Dialog>
  );
}
