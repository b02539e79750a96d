import { lazy, Suspense, useState, useSyncExternalStore } from 'react';
import { hasSaid, whenSaid } from './say.js';

const ToastView = lazy(async () => ({ default: (await import('./toast-view.js')).ToastView }));

/** Where `say` says it: a region that stands from the beginning, as screen readers tell only what is put into one; its content is loaded with the first that is said. */
export function Toasts() {
  const isWanted = useSyncExternalStore(whenSaid, hasSaid);
  const [region, setRegion] = useState<HTMLElement | null>(null);
  return (
    <div ref={setRegion} aria-live="polite" aria-relevant="additions">
      {isWanted && (
        <Suspense>
          <ToastView within={region} />
        </Suspense>
      )}
    </div>
  );
}
