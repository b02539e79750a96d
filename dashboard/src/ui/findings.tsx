import type { Told } from '../api/problem.js';
import styles from './findings.module.css';

/** What is wrong, each with the JSON pointer to where it is. Nothing where nothing is. */
export function Findings({ findings, label }: { readonly findings: Told['findings']; readonly label?: string }) {
  if (findings.length === 0) return null;
  return (
    <ul className={styles.findings} aria-label={label}>
      {findings.map(({ pointer, detail }) => (
        <li key={`${pointer} ${detail}`}>
          <code>{pointer || '/'}</code> {detail}
        </li>
      ))}
    </ul>
  );
}
