import { Blocks, BookOpen, FlaskConical, type LucideIcon, Radio, Repeat, Users } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import styles from './operator.module.css';

const WAYS = [
  { name: 'tenants', href: '/operator/tenants', icon: Users },
  { name: 'eventTypes', href: '/event-types', icon: Blocks },
  { name: 'event', href: '/try', icon: FlaskConical },
  { name: 'deliveries', href: '/deliveries', icon: Radio },
  { name: 'replays', href: '/replays', icon: Repeat },
] as const;

/** Where the operator does something, and what. */
export function Ways() {
  const { t } = useTranslation();
  return (
    <ul className={styles.ways}>
      {WAYS.map(({ name, href, icon }) => (
        <li key={name}>
          <Link href={href} className={styles.way}>
            <WayText icon={icon} title={t(`operator.to.${name}.title`)} text={t(`operator.to.${name}.text`)} />
          </Link>
        </li>
      ))}
      <li>
        <a href="/docs" className={styles.way}>
          <WayText icon={BookOpen} title={t('operator.to.api.title')} text={t('operator.to.api.text')} />
        </a>
      </li>
    </ul>
  );
}

function WayText({
  icon: Icon,
  title,
  text,
}: {
  readonly icon: LucideIcon;
  readonly title: string;
  readonly text: string;
}) {
  return (
    <>
      <Icon aria-hidden size={20} />
      <span className={styles.named}>
        <strong>{title}</strong>
        <span className={styles.detail}>{text}</span>
      </span>
    </>
  );
}
