import { Compass } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { LinkButton } from '../ui/button.js';
import { EmptyState } from '../ui/empty-state.js';
import { Page } from '../ui/page.js';

export function NotFoundPage() {
  const { t } = useTranslation();
  return (
    <Page title={t('app.notFound')}>
      <EmptyState
        icon={Compass}
        title={t('app.notFound')}
        action={<LinkButton href="/">{t('nav.overview')}</LinkButton>}
      >
        {t('app.notFoundText')}
      </EmptyState>
    </Page>
  );
}
