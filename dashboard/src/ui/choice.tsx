import type { LucideIcon } from 'lucide-react';
import styles from './choice.module.css';

interface ChoiceProps<T extends string> {
  readonly label: string;
  readonly icon: LucideIcon;
  readonly value: T;
  readonly choices: readonly { readonly value: T; readonly label: string; readonly lang?: string }[];
  readonly onChoose: (value: T) => unknown;
}

/** One of a few, as a small select with an icon. On narrow screens the icon is all that shows of it. */
export function Choice<T extends string>({ label, icon: Icon, value, choices, onChoose }: ChoiceProps<T>) {
  return (
    <span className={styles.choice} title={label}>
      <Icon aria-hidden size={18} />
      <select aria-label={label} value={value} onChange={(event) => void onChoose(event.target.value as T)}>
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value} lang={choice.lang}>
            {choice.label}
          </option>
        ))}
      </select>
    </span>
  );
}
