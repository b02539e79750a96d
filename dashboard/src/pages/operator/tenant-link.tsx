import { Link } from 'wouter';
import styles from './tenant-link.module.css';

const SHOWN = 8;

/** The way to a tenant, named by the beginning of the id. */
export function TenantLink({ userId }: { readonly userId: string }) {
  return (
    <Link href={`/operator/tenants?search=${userId}`} className={styles.link} title={userId}>
      <code>{userId.slice(0, SHOWN)}…</code>
    </Link>
  );
}
