import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from './button.js';
import { Dialog } from './dialog.js';
import { Field, Input } from './field.js';
import { ProblemNotice } from './problem-notice.js';

interface ConfirmDialogProps {
  readonly title: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  /** What happens then, and cannot be undone. */
  readonly children: ReactNode;
  /** The word on the button. */
  readonly confirm: string;
  readonly isDanger?: boolean;
  /** Has to be typed first, for what is lost for good. */
  readonly typed?: string;
  /** Does it. The dialog closes when it resolves, and tells what it throws. */
  readonly onConfirm: () => Promise<unknown>;
}

/** Asks before something is done that cannot be undone. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { title, isOpen, onClose, children, confirm, isDanger = false, typed, onConfirm } = props;
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();

  function close(): void {
    setText('');
    setError(undefined);
    onClose();
  }

  async function run(): Promise<void> {
    setBusy(true);
    try {
      await onConfirm();
      close();
    } catch (caught) {
      setError(caught);
    } finally {
      setBusy(false);
    }
  }

  const isReady = typed === undefined || text === typed;
  return (
    <Dialog
      title={title}
      isOpen={isOpen}
      onClose={() => busy || close()}
      actions={
        <>
          <Button look="secondary" disabled={busy} onClick={close}>
            {t('app.cancel')}
          </Button>
          <Button look={isDanger ? 'danger' : 'primary'} busy={busy} disabled={!isReady} onClick={() => void run()}>
            {confirm}
          </Button>
        </>
      }
    >
      <div>{children}</div>
      {typed !== undefined && (
        <Field label={t('app.typeToConfirm', { typed })}>
          {(control) => (
            <Input {...control} value={text} autoComplete="off" onChange={(event) => setText(event.target.value)} />
          )}
        </Field>
      )}
      {error !== undefined && <ProblemNotice error={error} />}
    </Dialog>
  );
}
