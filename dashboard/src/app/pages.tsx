import { type ComponentType, type ReactNode, use } from 'react';
import { parse } from 'regexparam';
import { matchRoute } from 'wouter';
import { loadAllStrings } from '../i18n/i18n.js';

interface LoadedLater {
  readonly path: string;
  readonly Page: () => ReactNode;
  /** Loads it, once; undefined when it is loaded. What cannot be loaded shows when it is opened. */
  preload(): Promise<unknown> | undefined;
}

/** A page is loaded when it is first opened, with what it says; one that is loaded already shows at once. */
function page<Name extends string>(
  path: string,
  load: () => Promise<Record<Name, ComponentType>>,
  name: Name,
  loadStrings = loadAllStrings,
): LoadedLater {
  let Loaded: ComponentType | undefined;
  let loading: Promise<void> | undefined;
  const loadOnce = (): Promise<void> => {
    loading ??= Promise.all([load(), loadStrings()]).then(
      ([module]) => {
        Loaded = module[name];
      },
      (error: unknown) => {
        loading = undefined;
        throw error;
      },
    );
    return loading;
  };
  function Page() {
    if (Loaded === undefined) use(loadOnce());
    return Loaded === undefined ? null : <Loaded />;
  }
  return { path, Page, preload: () => (Loaded === undefined ? loadOnce().catch(() => undefined) : undefined) };
}

/** The first page says nothing that is not there from the beginning. */
async function nothing(): Promise<void> {}

export const PAGES = [
  page('/', () => import('../pages/overview/overview-page.js'), 'OverviewPage', nothing),
  page('/webhooks', () => import('../pages/webhooks/webhooks-page.js'), 'WebhooksPage'),
  page('/webhooks/new', () => import('../pages/webhooks/new-webhook-page.js'), 'NewWebhookPage'),
  page('/webhooks/:id/edit', () => import('../pages/webhooks/edit-webhook-page.js'), 'EditWebhookPage'),
  page('/webhooks/:id', () => import('../pages/webhooks/webhook-page.js'), 'WebhookPage'),
  page('/deliveries', () => import('../pages/deliveries/deliveries-page.js'), 'DeliveriesPage'),
  page('/deliveries/:id', () => import('../pages/deliveries/delivery-page.js'), 'DeliveryPage'),
  page('/replays', () => import('../pages/replays/replays-page.js'), 'ReplaysPage'),
  page('/try', () => import('../pages/try/try-page.js'), 'TryPage'),
  page('/inbox', () => import('../pages/inbox/inbox-page.js'), 'InboxPage'),
  page('/inbox/:id', () => import('../pages/inbox/content-page.js'), 'ContentPage'),
  page('/event-types', () => import('../pages/event-types/event-types-page.js'), 'EventTypesPage'),
  page('/event-types/:name', () => import('../pages/event-types/event-type-page.js'), 'EventTypePage'),
];

export const OPERATOR_PAGES = [
  page('/operator', () => import('../pages/operator/operator-page.js'), 'OperatorPage'),
  page('/operator/tenants', () => import('../pages/operator/tenants-page.js'), 'TenantsPage'),
  page('/operator/workers', () => import('../pages/operator/workers-page.js'), 'WorkersPage'),
  page('/operator/webhooks', () => import('../pages/operator/stopped-webhooks-page.js'), 'StoppedWebhooksPage'),
];

/** Loads the page at an address, so that it need not be waited for when it is opened; undefined when nothing is to be waited for. */
export function preload(address: string): Promise<unknown> | undefined {
  return [...PAGES, ...OPERATOR_PAGES].find(({ path }) => matchRoute(parse, path, address)[0])?.preload();
}
