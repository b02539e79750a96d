import type { Page } from 'playwright-core';

/** What a page did that no page of the dashboard may do, in words. */
export interface Watch {
  readonly troubles: readonly string[];
  /** Forgets them: they were looked at. */
  clear(): void;
}

/** What Chromium says of every answer from 400 on; those are judged by their status below. */
const REFUSED_REQUEST = /^Failed to load resource: the server responded with a status of/;

/**
 * Watches a page from its beginning: errors on its console (violations of the content security policy are some), exceptions that nobody caught, dialogs of the
 * browser, requests to another origin, answers of 400 and more whose status is not in `refusals`, and requests that failed though nobody left the page.
 */
export function watch(page: Page, origin: string, refusals: readonly number[]): Watch {
  const troubles: string[] = [];
  page.on('console', (message) => {
    const text = message.text();
    if (message.type() === 'error' && !REFUSED_REQUEST.test(text)) troubles.push(`console: ${text}`);
  });
  page.on('pageerror', (error) => troubles.push(`uncaught: ${error.stack ?? error.message}`));
  page.on('dialog', (dialog) => {
    troubles.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.protocol !== 'data:' && url.origin !== origin) troubles.push(`request to another origin: ${url.href}`);
  });
  page.on('response', (response) => {
    const status = response.status();
    const { pathname } = new URL(response.url());
    // Whoever has no session yet is told so by this answer alone.
    const isQuestionWhoIsSignedIn =
      status === 401 && pathname === '/v1/session' && response.request().method() === 'GET';
    if (status < 400 || isQuestionWhoIsSignedIn || refusals.includes(status)) return;
    troubles.push(`${response.request().method()} ${pathname} was answered with ${status}`);
  });
  return {
    troubles,
    clear() {
      troubles.length = 0;
    },
  };
}
