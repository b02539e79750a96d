import { LoaderCircle, type LucideIcon } from 'lucide-react';
import type { ButtonHTMLAttributes, ReactNode } from 'react';
import { Link } from 'wouter';
import styles from './button.module.css';

export type Look = 'primary' | 'secondary' | 'danger' | 'ghost';

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly look?: Look;
  readonly icon?: LucideIcon;
  /** Something is under way: it cannot be pressed again. */
  readonly busy?: boolean;
}

/** Stays focusable while it is busy, so that the keyboard's place is not lost. */
export function Button({
  look = 'primary',
  icon,
  busy = false,
  type = 'button',
  children,
  onClick,
  ...rest
}: ButtonProps) {
  const Icon = busy ? LoaderCircle : icon;
  return (
    <button
      {...rest}
      type={type}
      className={`${styles.button} ${styles[look]} ${rest.className ?? ''}`}
      aria-disabled={busy || rest.disabled || undefined}
      aria-busy={busy || undefined}
      onClick={(event) => (busy ? event.preventDefault() : onClick?.(event))}
    >
      {Icon && <Icon aria-hidden size={16} className={busy ? styles.spinning : undefined} />}
      {children}
    </button>
  );
}

interface IconButtonProps extends Omit<ButtonProps, 'children' | 'icon'> {
  readonly icon: LucideIcon;
  /** What it does; shown as its tooltip, too. */
  readonly label: string;
}

export function IconButton({ icon, label, look = 'ghost', className = '', ...rest }: IconButtonProps) {
  return (
    <Button
      {...rest}
      look={look}
      icon={icon}
      aria-label={label}
      title={label}
      className={`${styles.icon} ${className}`}
    />
  );
}

interface LinkButtonProps {
  readonly href: string;
  readonly look?: Look;
  readonly icon?: LucideIcon;
  readonly children: ReactNode;
}

/** A link within the dashboard that looks like a button. */
export function LinkButton({ href, look = 'primary', icon: Icon, children }: LinkButtonProps) {
  return (
    <Link href={href} className={`${styles.button} ${styles[look]}`}>
      {Icon && <Icon aria-hidden size={16} />}
      {children}
    </Link>
  );
}
