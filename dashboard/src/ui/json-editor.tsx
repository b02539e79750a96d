import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import type { JsonEditorProps } from './json-editor-view.js';
import { Loading } from './loading.js';

const View = lazy(async () => ({ default: (await import('./json-editor-view.js')).JsonEditorView }));

/** An editor of JSON, which is loaded when it is first shown: it is as large as the rest of the page. */
export function JsonEditor(props: JsonEditorProps) {
  const { t } = useTranslation();
  return (
    <Suspense fallback={<Loading label={t('app.loading')} />}>
      <View {...props} />
    </Suspense>
  );
}
