import { ArrowLeft } from 'lucide-react';
import { Link } from 'wouter';
import styles from './back-link.module.css';

/** The way back from a page to the one above it. */
export function BackLink({ href, children }: { readonly href: string; readonly children: string }) {
  return (
    <Link href={href} className={styles.back}>
      <ArrowLeft aria-hidden size={15} />
      {children}
    </Link>
  );
}
