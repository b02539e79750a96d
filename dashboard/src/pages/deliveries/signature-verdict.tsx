import { CircleCheck, CircleX } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Checked, SignatureKind } from './check-signature.js';
import styles from './signature.module.css';

const HEADER: Record<SignatureKind, string> = {
  v1: 'webhook-signature: v1',
  v1a: 'webhook-signature: v1a',
  'x-webhook-signature': 'X-Webhook-Signature',
};

interface SignatureVerdictProps {
  readonly checked: readonly Checked[];
  /** The secret was typed in, and is not the webhook's of now. */
  readonly isPasted: boolean;
}

/** What came of checking each signature, and what it means. */
export function SignatureVerdict({ checked, isPasted }: SignatureVerdictProps) {
  const { t } = useTranslation();
  return (
    <>
      <p className={styles.verdictHead}>{t(`deliveries.signature.${meaningOf(checked, isPasted)}`)}</p>
      <ul className={styles.checks}>
        {checked.map(({ kind, result }) => (
          <li key={kind} data-result={result}>
            {result === 'holds' ? <CircleCheck aria-hidden size={16} /> : <CircleX aria-hidden size={16} />}
            <code>{HEADER[kind]}</code>
            <span>{t(`deliveries.signature.${result}`)}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

/** The sentence that fits: during a rotation the two headers are made with different secrets. */
function meaningOf(checked: readonly Checked[], isPasted: boolean) {
  const holds = (kind: SignatureKind): boolean | undefined => {
    const one = checked.find((each) => each.kind === kind);
    return one && one.result === 'holds';
  };
  if (checked.every(({ result }) => result === 'holds')) return 'good';
  if (checked.some(({ result }) => result === 'broken')) return 'malformed';
  if (holds('v1') === true && holds('x-webhook-signature') === false) return 'rotating';
  return isPasted ? 'badPasted' : 'bad';
}

/** The secret itself is no secret. */
export function WrongSecret() {
  const { t } = useTranslation();
  return <p className={styles.verdictHead}>{t('deliveries.signature.wrongSecret')}</p>;
}
