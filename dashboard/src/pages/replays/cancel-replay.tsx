import { CircleStop } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.js';
import { ConfirmDialog } from '../../ui/confirm-dialog.js';
import { say } from '../../ui/say.js';
import { cancelReplay, type Replay } from './replays.js';

/** Ends a running replay, once that is confirmed. `name` is that of its webhook. */
export function CancelReplay({ replay, name }: { readonly replay: Replay; readonly name: string }) {
  const { t } = useTranslation();
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <Button
        look="secondary"
        icon={CircleStop}
        aria-label={t('replays.cancelOf', { name })}
        onClick={() => setIsOpen(true)}
      >
        {t('replays.cancel')}
      </Button>
      <ConfirmDialog
        title={t('replays.cancelOf', { name })}
        isOpen={isOpen}
        onClose={() => setIsOpen(false)}
        confirm={t('replays.cancelConfirm')}
        isDanger
        onConfirm={async () => {
          await cancelReplay(replay);
          say(t('replays.cancelled', { name }));
        }}
      >
        {t('replays.cancelText')}
      </ConfirmDialog>
    </>
  );
}
