import { useTranslation } from 'react-i18next';
import { useFormats } from '../../i18n/formats.js';

/** The last bucket of the server's histogram has no upper end. */
const LAST_BUCKET_MS = 30_000;

/** Writes a response time out of the histogram: `–` for null, and no more than is known of the slowest. */
export function useResponseTime(): (value: number | null) => string {
  const { t } = useTranslation();
  const formats = useFormats();
  return (value) => {
    // A number and its unit stay on one line.
    const time = formats.milliseconds(value).replaceAll(' ', '\u00a0');
    return value !== null && value >= LAST_BUCKET_MS ? t('overview.atLeast', { time }) : time;
  };
}
