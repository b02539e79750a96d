import { type FormEvent, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.js';
import { Dialog } from '../../ui/dialog.js';
import { Field, Input, Select } from '../../ui/field.js';
import { ProblemNotice } from '../../ui/problem-notice.js';
import styles from './operator.module.css';
import { LIFETIMES, makePortalLink, type PortalLink, type UserName } from './portal.js';
import { PortalLinkShown } from './portal-link-shown.js';
import { nameOf, type Tenant } from './tenants.js';

/** `somebody`: whom the operator names in the dialog. */
export type PortalFor = Tenant | 'somebody';
type NameKind = keyof UserName;

interface PortalDialogProps {
  readonly tenant: PortalFor;
  readonly onClose: () => void;
}

/** Makes a portal link, and shows it once. */
export function PortalDialog({ tenant, onClose }: PortalDialogProps) {
  const { t } = useTranslation();
  const formId = useId();
  const [kind, setKind] = useState<NameKind>('external_user_id');
  const [name, setName] = useState('');
  const [access, setAccess] = useState<'read' | 'write'>('write');
  const [lifetime, setLifetime] = useState(String(LIFETIMES.hour));
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const [link, setLink] = useState<PortalLink>();

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    const user = tenant === 'somebody' ? { [kind]: name.trim() } : { user_id: tenant.user_id };
    try {
      setLink(await makePortalLink(user, access, Number(lifetime)));
    } catch (caught) {
      setError(caught);
    } finally {
      setBusy(false);
    }
  }

  const title = tenant === 'somebody' ? t('operator.portal.title') : t('operator.portal.for', { name: nameOf(tenant) });
  return (
    <Dialog
      title={title}
      isOpen
      onClose={onClose}
      actions={
        link === undefined ? (
          <>
            <Button look="secondary" onClick={onClose}>
              {t('app.cancel')}
            </Button>
            <Button type="submit" form={formId} busy={busy}>
              {t('operator.portal.make')}
            </Button>
          </>
        ) : (
          <Button look="secondary" onClick={onClose}>
            {t('app.close')}
          </Button>
        )
      }
    >
      {link !== undefined ? (
        <PortalLinkShown link={link} />
      ) : (
        <form
          id={formId}
          onSubmit={(event) => (busy ? event.preventDefault() : void submit(event))}
          className={styles.form}
        >
          {tenant === 'somebody' && <UserFields kind={kind} onKind={setKind} name={name} onName={setName} />}
          <Field label={t('operator.portal.access')}>
            {(control) => (
              <Select
                {...control}
                value={access}
                onChange={(event) => setAccess(event.target.value === 'read' ? 'read' : 'write')}
              >
                <option value="write">{t('operator.portal.manage')}</option>
                <option value="read">{t('operator.portal.read')}</option>
              </Select>
            )}
          </Field>
          <Field label={t('operator.portal.lifetime')} hint={t('operator.portal.lifetimeHint')}>
            {(control) => (
              <Select {...control} value={lifetime} onChange={(event) => setLifetime(event.target.value)}>
                {Object.entries(LIFETIMES).map(([label, seconds]) => (
                  <option key={label} value={seconds}>
                    {t(`operator.portal.lifetimes.${label as keyof typeof LIFETIMES}`)}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          {error !== undefined && <ProblemNotice error={error} />}
        </form>
      )}
    </Dialog>
  );
}

interface UserFieldsProps {
  readonly kind: NameKind;
  readonly onKind: (kind: NameKind) => void;
  readonly name: string;
  readonly onName: (name: string) => void;
}

function UserFields({ kind, onKind, name, onName }: UserFieldsProps) {
  const { t } = useTranslation();
  return (
    <>
      <Field label={t('operator.portal.kind')}>
        {(control) => (
          <Select
            {...control}
            value={kind}
            onChange={(event) => onKind(event.target.value === 'user_id' ? 'user_id' : 'external_user_id')}
          >
            <option value="external_user_id">{t('operator.portal.kinds.external_user_id')}</option>
            <option value="user_id">{t('operator.portal.kinds.user_id')}</option>
          </Select>
        )}
      </Field>
      <Field label={t('operator.portal.user')} hint={t('operator.portal.userHint')}>
        {(control) => (
          <Input
            {...control}
            required
            autoComplete="off"
            spellCheck={false}
            maxLength={255}
            value={name}
            onChange={(event) => onName(event.target.value)}
          />
        )}
      </Field>
    </>
  );
}
