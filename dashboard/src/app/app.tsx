import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isSignedOut } from '../api/problem.js';
import { queries } from '../api/queries.js';
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
  useEffect(() => watchForSignOut(setEndedBy), []);
  const isSignedIn = Boolean(session.data);
  useEffect(() => {
    if (isSignedIn) setEndedBy(undefined);
  }, [isSignedIn]);
  if (session.isPending) return <Loading label={t('app.starting')} />;
  if (session.isError) {
    if (isSignedOut(session.error)) return <SignInPage refused={session.error} />;
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

/** A session that ended shows at the first refusal, wherever it comes; `told` is given that. */
function watchForSignOut(told: (refusal: unknown) => void): () => void {
  const leave = (error: unknown): void => {
    if (!isSignedOut(error)) return;
    told(error);
    forget();
  };
  const stopQueries = queries.getQueryCache().subscribe((event) => {
    if (event.type === 'updated' && event.action.type === 'error' && event.query.queryKey[0] !== 'session') {
      leave(event.action.error);
    }
  });
  const stopMutations = queries.getMutationCache().subscribe((event) => {
    if (event.type === 'updated' && event.action.type === 'error') leave(event.action.error);
  });
  return () => {
    stopQueries();
    stopMutations();
  };
}
