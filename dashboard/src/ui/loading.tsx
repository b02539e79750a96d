import { LoaderCircle } from 'lucide-react';
import styles from './loading.module.css';

/** Something is being read. */
export function Loading({ label }: { readonly label: string }) {
  return (
    <div className={styles.loading} role="status">
      <LoaderCircle aria-hidden size={20} className={styles.icon} />
      {label}
    </div>
  );
}
