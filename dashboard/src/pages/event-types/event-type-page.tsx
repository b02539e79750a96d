import { FlaskConical, Pencil } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useLocation, useParams, useSearchParams } from 'wouter';
import { useIsOperator, useMayWrite } from '../../session/session-context.js';
import { BackLink } from '../../ui/back-link.js';
import { Badge } from '../../ui/badge.js';
import { LinkButton } from '../../ui/button.js';
import { Page } from '../../ui/page.js';
import { QueryView } from '../../ui/query-view.js';
import { EditEventType } from './edit-event-type.js';
import { nameIn, pathOf, useEventType } from './event-type.js';
import { EventTypeActions } from './event-type-actions.js';
import { EventTypeDetail } from './event-type-detail.js';

/** One event type: what it says, its schema, an example, its use. The operator changes it here. */
export function EventTypePage() {
  const { t } = useTranslation();
  const name = nameIn(useParams<{ name: string }>().name ?? '');
  const [, navigate] = useLocation();
  const [search] = useSearchParams();
  const mayWrite = useMayWrite();
  const maySetUp = useIsOperator() && mayWrite;
  const read = useEventType(name);
  const isEditing = maySetUp && search.has('edit');
  const type = read.data?.type;
  return (
    <Page
      title={isEditing ? t('eventTypes.editOf', { name }) : name}
      above={
        <BackLink href={isEditing ? pathOf(name) : '/event-types'}>{isEditing ? name : t('eventTypes.title')}</BackLink>
      }
      lead={!isEditing && type?.description}
      actions={
        type !== undefined &&
        !isEditing && (
          <>
            <Badge>{type.category}</Badge>
            {!type.is_enabled && <Badge tone="warn">{t('eventTypes.disabled')}</Badge>}
            {type.is_enabled && (
              <LinkButton
                href={`/try?event_type=${encodeURIComponent(name)}`}
                look={maySetUp ? 'secondary' : 'primary'}
                icon={FlaskConical}
              >
                {t('eventTypes.tryIt')}
              </LinkButton>
            )}
            {maySetUp && (
              <LinkButton href={`${pathOf(name)}?edit`} icon={Pencil}>
                {t('eventTypes.edit')}
              </LinkButton>
            )}
          </>
        )
      }
    >
      <QueryView query={read}>
        {(data) =>
          isEditing ? (
            <EditEventType read={data} onDone={() => navigate(pathOf(name))} />
          ) : (
            <>
              <EventTypeDetail type={data.type} />
              {maySetUp && <EventTypeActions read={data} />}
            </>
          )
        }
      </QueryView>
    </Page>
  );
}
