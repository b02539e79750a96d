import { type FormEvent, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Appearance } from '../app/appearance.js';
import { usePageTitle } from '../app/page-title.js';
import { Button } from '../ui/button.js';
import { Field, Input } from '../ui/field.js';
import { ProblemNotice } from '../ui/problem-notice.js';
import { enter, signInWith } from './session.js';
import styles from './sign-in-page.module.css';

/** For whoever has no session: a token is pasted. `refused` is why the one in the address was not taken. */
export function SignInPage({ refused }: { readonly refused?: unknown }) {
  const { t } = useTranslation();
  const [token, setToken] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(refused);
  const headingId = useId();
  usePageTitle(t('signIn.title'));

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    setBusy(true);
    try {
      enter(await signInWith(token.trim()));
    } catch (caught) {
      setError(caught);
      setBusy(false);
    }
  }

  return (
    <div className={styles.page}>
      <header className={styles.bar}>
        <Appearance />
      </header>
      <main className={styles.card} aria-labelledby={headingId}>
        <img src="/assets/icon.svg" alt="" width="48" height="48" />
        <h1 id={headingId}>{t('signIn.title')}</h1>
        <p className={styles.lead}>{t('signIn.lead')}</p>
        {error !== undefined && <ProblemNotice error={error} />}
        <form onSubmit={submit} className={styles.form}>
          <Field label={t('signIn.token')} hint={t('signIn.tokenHint')}>
            {(props) => (
              <Input
                {...props}
                type="password"
                autoComplete="off"
                spellCheck={false}
                required
                value={token}
                onChange={(event) => setToken(event.target.value)}
              />
            )}
          </Field>
          <Button type="submit" busy={busy}>
            {t('signIn.submit')}
          </Button>
        </form>
      </main>
    </div>
  );
}
