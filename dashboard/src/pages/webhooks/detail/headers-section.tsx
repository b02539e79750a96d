import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ok } from '../../../api/client.js';
import { useMayWrite } from '../../../session/session-context.js';
import { Badge } from '../../../ui/badge.js';
import { Button } from '../../../ui/button.js';
import { ConfirmDialog } from '../../../ui/confirm-dialog.js';
import { Section } from '../../../ui/page.js';
import { QueryView } from '../../../ui/query-view.js';
import { say } from '../../../ui/say.js';
import { DateTime } from '../../../ui/time.js';
import { HeaderFields, type HeaderRow, headersOf } from '../form/header-fields.js';
import { refreshWebhook, type Webhook } from '../queries.js';
import styles from '../webhooks.module.css';

const EMPTY_ROW: HeaderRow = { id: 1, name: '', value: '' };

/** The names of a webhook's custom headers; their values are written and never read. */
export function HeadersSection({ webhook }: { readonly webhook: Webhook }) {
  const { t } = useTranslation();
  const mayWrite = useMayWrite();
  const [rows, setRows] = useState<readonly HeaderRow[]>();
  const params = { path: { webhook_id: webhook.id } };
  const query = useQuery({
    queryKey: ['webhook', webhook.id, 'headers'],
    queryFn: async ({ signal }) => ok(await api.GET('/v1/webhooks/{webhook_id}/headers', { params, signal })),
  });
  async function replace(): Promise<void> {
    const headers = headersOf(rows ?? []);
    ok(await api.PUT('/v1/webhooks/{webhook_id}/headers', { params, body: { headers } }));
    await refreshWebhook(webhook.id);
    say(t('webhooks.headers.saved'));
  }
  return (
    <Section
      title={t('webhooks.headers.title')}
      actions={
        mayWrite && (
          <Button look="secondary" onClick={() => setRows([EMPTY_ROW])}>
            {t('webhooks.headers.replace')}
          </Button>
        )
      }
    >
      <p className={styles.muted}>{t('webhooks.headers.hint')}</p>
      <QueryView query={query}>
        {({ names, set_at }) =>
          names.length === 0 ? (
            <p>{t('webhooks.headers.none')}</p>
          ) : (
            <div className={styles.row}>
              {names.map((name) => (
                <Badge key={name}>{name}</Badge>
              ))}
              <span className={styles.muted}>
                <DateTime iso={set_at} />
              </span>
            </div>
          )
        }
      </QueryView>
      <ConfirmDialog
        title={t('webhooks.headers.replace')}
        isOpen={rows !== undefined}
        onClose={() => setRows(undefined)}
        confirm={t('app.save')}
        onConfirm={replace}
      >
        <div className={styles.stack}>
          <p className={styles.muted}>{t('webhooks.headers.replaceText')}</p>
          <HeaderFields rows={rows ?? []} onChange={setRows} />
        </div>
      </ConfirmDialog>
    </Section>
  );
}
