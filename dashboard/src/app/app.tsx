import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { onSignedOut } from '../api/client.js';
import { isSignedOut } from '../api/problem.js';
import { forget, useSessionQuery } from '../session/session.js';
import { SessionProvider } from '../session/session-context.js';
import { SignInPage } from '../session/sign-in-page.js';
import { Loading } from '../ui/loading.js';
import { ProblemNotice } from '../ui/problem-notice.js';
import { Routes, Routing } from './routes.js';
import { Shell } from './shell.js';
import styles from './shell.module.css';

/** The whole application: a session first, then its pages. */
export function App() {
  const { t } = useTranslation();
  const session = useSessionQuery();
  const [endedBy, setEndedBy] = useState<unknown>();
  // A session that ended shows at the first refusal, wherever it comes.
  useEffect(
    () =>
      onSignedOut((refusal) => {
        setEndedBy(refusal);
        forget();
      }),
    [],
  );
  const isSignedIn = Boolean(session.data);
  useEffect(() => {
    if (isSignedIn) setEndedBy(undefined);
  }, [isSignedIn]);
  if (session.isPending) return <Loading label={t('app.starting')} />;
  if (isSignedOut(session.error)) return <SignInPage refused={session.error} />;
  // One that was read stays when it is read again in vain: the server may be restarting.
  if (session.data === undefined) {
    return (
      <main className={styles.alone}>
        <ProblemNotice error={session.error} retry={() => session.refetch()} />
      </main>
    );
  }
  if (session.data === null) return <SignInPage refused={endedBy} />;
  return (
    <SessionProvider value={session.data}>
      <Routing>
        <Shell>
          <Routes />
        </Shell>
      </Routing>
    </SessionProvider>
  );
}
