import { Toast } from '@base-ui/react/toast';
import { CircleCheck, X } from 'lucide-react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from './button.js';
import { takeSaid, whenSaid } from './say.js';
import styles from './toasts.module.css';

/** Takes off what makes the viewport a live region. */
const NO_REGION = { 'aria-live': undefined, 'aria-atomic': undefined, 'aria-relevant': undefined } as const;

/** Shows what is said `within` a live region, whose part it is: one of its own would come with its first text, too late to be told. */
export function ToastView({ within }: { readonly within: HTMLElement | null }) {
  return (
    <Toast.Provider>
      <Toast.Portal container={within}>
        <Toast.Viewport className={styles.viewport} {...NO_REGION}>
          <Shown />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  );
}

function Shown() {
  const { t } = useTranslation();
  const { toasts, add } = Toast.useToastManager();
  useEffect(() => {
    const show = (): void => {
      for (const title of takeSaid()) add({ title });
    };
    show();
    return whenSaid(show);
  }, [add]);
  return toasts.map((toast) => (
    <Toast.Root key={toast.id} toast={toast} className={styles.toast}>
      <CircleCheck aria-hidden size={18} className={styles.icon} />
      <Toast.Title className={styles.title} />
      <Toast.Close render={<IconButton icon={X} label={t('app.close')} />} />
    </Toast.Root>
  ));
}
