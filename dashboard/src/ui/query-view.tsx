import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Loading } from './loading.js';
import { ProblemNotice } from './problem-notice.js';

interface QueryViewProps<T> {
  readonly query: UseQueryResult<T>;
  readonly children: (data: T) => ReactNode;
}

/** What a query gave; while it is read, or when it failed, that. What was there before stays when a later reading fails. */
export function QueryView<T>({ query, children }: QueryViewProps<T>) {
  const { t } = useTranslation();
  if (query.isPending) return <Loading label={t('app.loading')} />;
  if (query.data === undefined) return <ProblemNotice error={query.error} retry={() => query.refetch()} />;
  return (
    <>
      {query.isError && <ProblemNotice error={query.error} retry={() => query.refetch()} />}
      {children(query.data)}
    </>
  );
}
