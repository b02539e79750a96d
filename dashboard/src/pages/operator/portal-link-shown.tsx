import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { CopyButton } from '../../ui/copy-button.js';
import { Field, Input } from '../../ui/field.js';
import { RelativeTime } from '../../ui/time.js';
import styles from './operator.module.css';
import type { PortalLink } from './portal.js';

/** A link that was made: to be copied now. */
export function PortalLinkShown({ link: { url, access, expiresAt } }: { readonly link: PortalLink }) {
  const { t } = useTranslation();
  const input = useRef<HTMLDivElement>(null);
  useEffect(() => input.current?.querySelector('input')?.select(), []);
  return (
    <div className={styles.link} ref={input}>
      <Field label={t('operator.portal.link')} hint={t('operator.portal.once')}>
        {(control) => (
          <Input {...control} readOnly value={url} className="mono" onFocus={(event) => event.target.select()} />
        )}
      </Field>
      <div className={styles.inline}>
        <CopyButton text={url} what={t('operator.portal.link')} label={t('operator.portal.copy')} />
        <span className={styles.detail}>
          {t(`operator.portal.may.${access}`)}
          {expiresAt !== null && (
            <>
              {' · '}
              {t('operator.portal.ends')} <RelativeTime iso={expiresAt} />
            </>
          )}
        </span>
      </div>
    </div>
  );
}
