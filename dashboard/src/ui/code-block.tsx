import styles from './code-block.module.css';
import { CopyButton } from './copy-button.js';

interface CodeBlockProps {
  /** What it is; names the group and the copy button. */
  readonly label: string;
  readonly text: string;
}

/** Text as it is, never more than text; a long one scrolls in its own frame. */
export function CodeBlock({ label, text }: CodeBlockProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: it has no controls of a form; a section would be one landmark more for each.
    <div className={styles.block} role="group" aria-label={label}>
      <div className={styles.copy}>
        <CopyButton text={text} what={label} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard (WCAG 2.1.1). */}
      <pre className={styles.text} tabIndex={0}>
        {text}
      </pre>
    </div>
  );
}
