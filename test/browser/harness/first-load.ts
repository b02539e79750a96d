import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';

/** How much script a page has loaded. */
export interface LoadedScript {
  readonly files: number;
  readonly bytes: number;
  /** Compressed by gzip at its highest level, as the package ships it. */
  readonly gzipped: number;
}

/** Counts the script that a page loads from now on; the function that it gives tells how much that is so far. */
export function countScript(page: Page): () => Promise<LoadedScript> {
  const scripts: Promise<Buffer>[] = [];
  page.on('response', (response) => {
    if (!new URL(response.url()).pathname.endsWith('.js')) return;
    // At once: the browser keeps no body for as long as the page is open.
    const body = response.body();
    body.catch(() => undefined);
    scripts.push(body);
  });
  return async () => {
    const bodies = await Promise.all(scripts);
    return {
      files: bodies.length,
      bytes: bodies.reduce((sum, { byteLength }) => sum + byteLength, 0),
      gzipped: bodies.reduce((sum, body) => sum + gzipSync(body, { level: 9 }).byteLength, 0),
    };
  };
}
