import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'wouter';
import styles from './operator.module.css';

const PAGES = [
  { href: '/operator', name: 'glance' },
  { href: '/operator/tenants', name: 'tenants' },
  { href: '/operator/webhooks', name: 'webhooks' },
  { href: '/operator/workers', name: 'workers' },
] as const;

/** The operator's pages, from each to the others. */
export function OperatorNav() {
  const { t } = useTranslation();
  const [path] = useLocation();
  return (
    <nav aria-label={t('operator.pages')}>
      <ul className={styles.nav}>
        {PAGES.map(({ href, name }) => (
          <li key={href}>
            <Link href={href} className={styles.navLink} aria-current={path === href ? 'page' : undefined}>
              {t(`operator.nav.${name}`)}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
