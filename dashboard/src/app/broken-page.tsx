import { RotateCw, Unplug } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button } from '../ui/button.js';
import { EmptyState } from '../ui/empty-state.js';
import { Page } from '../ui/page.js';

/** In place of a page that could not be loaded, as after an update of the server, or that broke. */
export function BrokenPage() {
  const { t } = useTranslation();
  return (
    <Page title={t('app.broken')}>
      <EmptyState
        icon={Unplug}
        title={t('app.broken')}
        action={
          <Button icon={RotateCw} onClick={() => location.reload()}>
            {t('app.reload')}
          </Button>
        }
      >
        {t('app.brokenText')}
      </EmptyState>
    </Page>
  );
}
