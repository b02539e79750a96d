import { useTranslation } from 'react-i18next';
import { BackLink } from '../../ui/back-link.js';

export function BackToList() {
  const { t } = useTranslation();
  return <BackLink href="/webhooks">{t('webhooks.title')}</BackLink>;
}
