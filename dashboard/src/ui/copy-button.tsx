import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, IconButton } from './button.js';

const SHOWN_MS = 2_000;

/** Copies a text, and says so. Without `label` it is an icon alone. */
export function CopyButton({
  text,
  what,
  label,
}: {
  readonly text: string;
  readonly what: string;
  readonly label?: string;
}) {
  const { t } = useTranslation();
  const [state, setState] = useState<'idle' | 'copied' | 'failed'>('idle');
  useEffect(() => {
    if (state === 'idle') return;
    const timer = setTimeout(() => setState('idle'), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [state]);
  // Browsers give the clipboard to pages of https and loopback alone.
  const copy = (): void =>
    void Promise.resolve(navigator.clipboard?.writeText(text) ?? Promise.reject(new Error('no clipboard'))).then(
      () => setState('copied'),
      () => setState('failed'),
    );
  const icon = state === 'copied' ? Check : Copy;
  const told = { idle: '', copied: t('app.copied'), failed: t('app.notCopied') }[state];
  return (
    <>
      {label === undefined ? (
        <IconButton icon={icon} label={t('app.copy', { what })} onClick={copy} />
      ) : (
        <Button look="secondary" icon={icon} onClick={copy}>
          {label}
        </Button>
      )}
      <span role="status" className={state === 'failed' ? undefined : 'visually-hidden'}>
        {told}
      </span>
    </>
  );
}
