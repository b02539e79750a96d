import { ArrowLeft } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import styles from './webhooks.module.css';

export function BackToList() {
  const { t } = useTranslation();
  return <Back href="/webhooks">{t('webhooks.title')}</Back>;
}

export function Back({ href, children }: { readonly href: string; readonly children: string }) {
  return (
    <Link href={href} className={styles.back}>
      <ArrowLeft aria-hidden size={15} />
      {children}
    </Link>
  );
}
