import { useMutation } from '@tanstack/react-query';
import { ShieldCheck } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ok } from '../../api/client.js';
import { useMayWrite } from '../../session/session-context.js';
import { Button } from '../../ui/button.js';
import { Checkbox, Field, Input } from '../../ui/field.js';
import { Section } from '../../ui/page.js';
import { ProblemNotice } from '../../ui/problem-notice.js';
import type { Checked } from './check-signature.js';
import styles from './delivery.module.css';
import type { Delivery } from './delivery-types.js';
import signatureStyles from './signature.module.css';
import { SignatureVerdict, WrongSecret } from './signature-verdict.js';
import { useBody } from './use-delivery.js';

const SIGNATURE_HEADERS = ['webhook-signature', 'x-webhook-signature'];

/** Checks the signature of the latest attempt here in the browser, as its receiver would. */
export function SignatureSection({ delivery }: { readonly delivery: Delivery }) {
  const { t } = useTranslation();
  const isSigned = Object.keys(delivery.request_headers ?? {}).some((name) =>
    SIGNATURE_HEADERS.includes(name.toLowerCase()),
  );
  return (
    <Section title={t('deliveries.detail.signature')}>
      <SignatureOf delivery={delivery} isSigned={isSigned} key={delivery.attempt_number} />
    </Section>
  );
}

function SignatureOf({ delivery, isSigned }: { readonly delivery: Delivery; readonly isSigned: boolean }) {
  const { t } = useTranslation();
  if (!isSigned) return <p className={styles.quiet}>{t('deliveries.signature.nothingSent')}</p>;
  // Browsers give it to pages of https and loopback alone.
  if (globalThis.crypto?.subtle === undefined) return <p>{t('deliveries.signature.insecure')}</p>;
  return <SignatureCheck delivery={delivery} />;
}

function SignatureCheck({ delivery }: { readonly delivery: Delivery }) {
  const { t } = useTranslation();
  const mayRead = useMayWrite();
  const body = useBody(delivery.id);
  const [isPasted, setIsPasted] = useState(!mayRead);
  const [secret, setSecret] = useState('');
  const [lacksSecret, setLacksSecret] = useState(false);
  const check = useMutation({
    mutationFn: async (): Promise<readonly Checked[]> => {
      const { checkSignatures } = await import('./check-signature.js');
      return checkSignatures({
        headers: delivery.request_headers ?? {},
        body: body.data ?? '',
        secret: isPasted ? secret.trim() : await secretOf(delivery.webhook_id),
        publicKeys: async () => ok(await api.GET('/.well-known/webhook-keys')),
      });
    },
  });
  function run(): void {
    setLacksSecret(isPasted && secret.trim() === '');
    if (!isPasted || secret.trim() !== '') check.mutate();
  }
  return (
    <>
      <p className={styles.quiet}>{t(mayRead ? 'deliveries.signature.lead' : 'deliveries.signature.leadRead')}</p>
      {mayRead && (
        <Checkbox
          label={t('deliveries.signature.pasteOther')}
          checked={isPasted}
          onChange={({ target }) => {
            setIsPasted(target.checked);
            check.reset();
          }}
        />
      )}
      {isPasted && (
        <Field
          label={t('deliveries.signature.secret')}
          hint={t('deliveries.signature.secretHint')}
          error={lacksSecret ? t('deliveries.signature.secretMissing') : undefined}
        >
          {(control) => (
            <Input
              {...control}
              type="password"
              value={secret}
              autoComplete="off"
              spellCheck={false}
              onChange={({ target }) => {
                setSecret(target.value);
                check.reset();
              }}
            />
          )}
        </Field>
      )}
      <div>
        <Button look="secondary" icon={ShieldCheck} busy={check.isPending || body.isPending} onClick={run}>
          {t('deliveries.signature.verify')}
        </Button>
      </div>
      <div role="status" className={signatureStyles.verdict}>
        {check.data && <SignatureVerdict checked={check.data} isPasted={isPasted} />}
        {check.error instanceof TypeError && <WrongSecret />}
      </div>
      {check.error && !(check.error instanceof TypeError) && <ProblemNotice error={check.error} retry={run} />}
    </>
  );
}

/** Fetched when it is needed, and kept nowhere. */
async function secretOf(webhookId: string): Promise<string> {
  const { secret } = ok(
    await api.GET('/v1/webhooks/{webhook_id}/secret', { params: { path: { webhook_id: webhookId } } }),
  );
  return secret;
}
