import { useTranslation } from 'react-i18next';
import { useParams } from 'wouter';
import { BackLink } from '../../ui/back-link.js';
import { CodeBlock } from '../../ui/code-block.js';
import { Definitions } from '../../ui/definitions.js';
import { Page, Section } from '../../ui/page.js';
import { QueryView } from '../../ui/query-view.js';
import { DateTime, RelativeTime } from '../../ui/time.js';
import { CallbackSection } from './callback-section.js';
import { type ReadContent, useContent } from './contents.js';
import { EventSection } from './event-section.js';
import styles from './inbox.module.css';

/** One received webhook: its content, its callback, its event, and it as it came. */
export function ContentPage() {
  const { t } = useTranslation();
  const { id = '' } = useParams<{ id: string }>();
  const content = useContent(id);
  return (
    <Page
      title={content.data?.content.title || t('inbox.contentOf', { id })}
      above={<BackLink href="/inbox">{t('inbox.title')}</BackLink>}
    >
      <QueryView query={content}>{(data) => <Sections read={data} />}</QueryView>
    </Page>
  );
}

function Sections({ read: { content, payload, metadata } }: { readonly read: ReadContent }) {
  const { t } = useTranslation();
  return (
    <>
      <div className={styles.halves}>
        <CallbackSection content={content} />
        <EventSection content={content} />
      </div>
      <Section title={t('inbox.content')}>
        <Definitions
          items={[
            [t('inbox.number'), <code key="id">{content.id}</code>],
            [t('inbox.category'), content.category ?? '–'],
            [t('inbox.channel'), <code key="channel">{content.channel_id ?? '–'}</code>],
            [t('inbox.user'), <code key="user">{content.user_id ?? '–'}</code>],
            [t('inbox.came'), <Came key="came" iso={content.created_at} />],
            ...(content.repeats > 0
              ? [[t('inbox.repeats'), <Repeats key="repeats" content={content} />] as const]
              : []),
          ]}
        />
        {content.body !== null && content.body !== '' && (
          <section className={styles.body} aria-label={t('inbox.body')}>
            <h3>{t('inbox.body')}</h3>
            <p className={styles.text}>{content.body}</p>
          </section>
        )}
        {content.metadata !== null && (
          <details>
            <summary>{t('inbox.metadata')}</summary>
            <CodeBlock label={t('inbox.metadata')} text={metadata} />
          </details>
        )}
      </Section>
      <Section title={t('inbox.asItCame')}>
        {content.payload === null ? (
          <p className={styles.quiet}>{t('inbox.notKept')}</p>
        ) : (
          <CodeBlock label={t('inbox.asItCame')} text={payload} />
        )}
      </Section>
    </>
  );
}

function Came({ iso }: { readonly iso: string | null }) {
  return (
    <>
      <DateTime iso={iso} /> · <RelativeTime iso={iso} />
    </>
  );
}

function Repeats({ content: { repeats, differing_repeats: differing } }: { readonly content: ReadContent['content'] }) {
  const { t } = useTranslation();
  return (
    <>
      {t('inbox.repeated', { count: repeats })}
      {differing > 0 && ` · ${t('inbox.differing', { count: differing })}`}
    </>
  );
}
