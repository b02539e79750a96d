import { type ReactNode, Suspense, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Redirect, Route, Router, Switch, useLocation } from 'wouter';
import { useIsOperator } from '../session/session-context.js';
import { Loading } from '../ui/loading.js';
import { ErrorBoundary } from './error-boundary.js';
import { NotFoundPage } from './not-found-page.js';
import { OPERATOR_PAGES, PAGES, preload } from './pages.js';

/** As long as a click may seem to do nothing, while the page that it leads to is loaded. */
const WAIT_MS = 1_000;

/** Links lead to pages that are loaded already, where that is quick: no page is replaced by a moment of “Loading”. */
export function Routing({ children }: { readonly children: ReactNode }) {
  const latest = useRef(0);
  return (
    <Router
      aroundNav={(navigate, to, options) => {
        latest.current += 1;
        const own = latest.current;
        const loading = preload(new URL(to, location.href).pathname);
        // At once, so that a field whose text stands in the address takes every letter.
        if (loading === undefined) return navigate(to, options);
        const waited = new Promise((resolve) => setTimeout(resolve, WAIT_MS));
        // Of two links that were pressed one after the other, the later one counts.
        void Promise.race([loading, waited]).then(() => own === latest.current && navigate(to, options));
      }}
    >
      {children}
    </Router>
  );
}

export function Routes() {
  const { t } = useTranslation();
  const [path] = useLocation();
  const pages = useIsOperator() ? [...PAGES, ...OPERATOR_PAGES] : PAGES;
  return (
    <ErrorBoundary key={path}>
      <Suspense fallback={<Loading label={t('app.loading')} />}>
        <Switch>
          {pages.map(({ path, Page }) => (
            <Route key={path} path={path}>
              <Page />
            </Route>
          ))}
          <Route path="/sign-in">
            <Redirect to="/" replace />
          </Route>
          <Route>
            <NotFoundPage />
          </Route>
        </Switch>
      </Suspense>
    </ErrorBoundary>
  );
}
