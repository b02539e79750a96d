import {
  Blocks,
  FlaskConical,
  Gauge,
  Inbox,
  LogOut,
  type LucideIcon,
  Menu as MenuIcon,
  Radio,
  Repeat,
  Send,
  ServerCog,
} from 'lucide-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'wouter';
import { signOut } from '../session/session.js';
import { useSession } from '../session/session-context.js';
import { Badge } from '../ui/badge.js';
import { IconButton } from '../ui/button.js';
import { say } from '../ui/say.js';
import { Appearance } from './appearance.js';
import styles from './shell.module.css';

const NAVIGATION = [
  { href: '/', name: 'overview', icon: Gauge },
  { href: '/webhooks', name: 'webhooks', icon: Send },
  { href: '/deliveries', name: 'deliveries', icon: Radio },
  { href: '/replays', name: 'replays', icon: Repeat },
  { href: '/try', name: 'try', icon: FlaskConical },
  { href: '/inbox', name: 'inbox', icon: Inbox },
  { href: '/event-types', name: 'eventTypes', icon: Blocks },
] as const;
const OPERATOR = { href: '/operator', name: 'operator', icon: ServerCog } as const;

/** What stands around every page: navigation, who is signed in, language and theme. */
export function Shell({ children }: { readonly children: ReactNode }) {
  const { t } = useTranslation();
  const session = useSession();
  const [isOpen, setIsOpen] = useState(false);
  const main = useRef<HTMLElement>(null);
  const [path] = useLocation();
  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of the path is what closes it.
  useEffect(() => setIsOpen(false), [path]);
  useFocusOnNavigation(main, path);
  return (
    <div className={styles.shell}>
      <a className={styles.skip} href="#main">
        {t('app.skip')}
      </a>
      <header className={styles.header}>
        <IconButton
          className={styles.menuButton}
          icon={MenuIcon}
          label={t('app.menu')}
          aria-expanded={isOpen}
          aria-controls="navigation"
          onClick={() => setIsOpen(!isOpen)}
        />
        <Link href="/" className={styles.brand}>
          <img src="/assets/icon.svg" alt="" width="26" height="26" />
          Hookline
        </Link>
        <div className={styles.tools}>
          {session.kind === 'service' && <Badge tone="info">{t('app.operator')}</Badge>}
          {session.access === 'read' && <Badge tone="warn">{t('app.readOnly')}</Badge>}
          <Appearance />
          <IconButton
            icon={LogOut}
            label={t('app.signOut')}
            onClick={() => void signOut().catch(() => say(t('app.notSignedOut')))}
          />
        </div>
      </header>
      <nav id="navigation" className={styles.nav} data-open={isOpen} aria-label={t('app.navigation')}>
        <ul>
          {(session.kind === 'service' ? [...NAVIGATION, OPERATOR] : NAVIGATION).map(({ href, name, icon }) => (
            <li key={href}>
              <NavigationLink href={href} icon={icon} isCurrent={isWithin(path, href)}>
                {t(`nav.${name}`)}
              </NavigationLink>
            </li>
          ))}
        </ul>
      </nav>
      <main id="main" ref={main} className={styles.main} tabIndex={-1}>
        {children}
      </main>
    </div>
  );
}

interface NavigationLinkProps {
  readonly href: string;
  readonly icon: LucideIcon;
  readonly isCurrent: boolean;
  readonly children: ReactNode;
}

function NavigationLink({ href, icon: Icon, isCurrent, children }: NavigationLinkProps) {
  return (
    <Link href={href} className={styles.link} aria-current={isCurrent ? 'page' : undefined}>
      <Icon aria-hidden size={18} />
      {children}
    </Link>
  );
}

function isWithin(path: string, href: string): boolean {
  return href === '/' ? path === '/' : path === href || path.startsWith(`${href}/`);
}

/** After a change of the page the focus goes to its beginning, as a full load would have it; not at the first. */
function useFocusOnNavigation(main: React.RefObject<HTMLElement | null>, path: string): void {
  const last = useRef(path);
  useEffect(() => {
    if (last.current === path) return;
    last.current = path;
    main.current?.focus({ preventScroll: true });
    scrollTo(0, 0);
  }, [main, path]);
}
