import { HooklineError } from '../../errors.js';
import { createProgress } from '../progress.js';
import { number } from '../words.js';
import { DEFAULT_LIMIT, type ListOptions } from './list-options.js';
import { note } from './output.js';
import { type Column, jsonPrinter, tablePrinter } from './rows.js';

/** The API's own. */
const LARGEST_PAGE = 100;

/** What a page of a list is asked for with. */
export interface PageQuery {
  readonly limit: number;
  readonly cursor?: string;
}

interface Page<Row> {
  readonly data: readonly Row[];
  readonly next_cursor: string | null;
}

/**
 * Prints a list, newest first, until it has as many rows as are wanted: a page may have fewer, or none, while there are more. A reader that has gone ends it.
 *
 * @param page Reads a page.
 * @param what Of the rows, for the progress: `deliveries`.
 */
export async function printList<Row extends object>(
  columns: readonly Column<Row>[],
  page: (query: PageQuery) => Promise<Page<Row>>,
  what: string,
  options: ListOptions,
): Promise<void> {
  const { json = false, all = false, limit = DEFAULT_LIMIT } = options;
  const most = all ? Number.POSITIVE_INFINITY : limit;
  const printer = json ? jsonPrinter<Row>() : tablePrinter(columns);
  const progress = json && !process.stderr.isTTY ? undefined : createProgress();
  const reader = watchReader();
  let count = 0;
  let cursor: string | null = options.cursor ?? null;
  try {
    for (let goesOn = true; goesOn; ) {
      const wanted = Math.min(LARGEST_PAGE, most - count);
      const { data, next_cursor: next } = checked(await page({ limit: wanted, ...(cursor !== null && { cursor }) }));
      if (next !== null && next === cursor) throw noList();
      progress?.end();
      printer.add(data);
      count += data.length;
      cursor = next;
      goesOn = cursor !== null && count < most && !reader.hasGone();
      if (goesOn) progress?.show(`${number(count)} ${what} so far`);
    }
    printer.end(cursor);
  } finally {
    progress?.end();
    reader.close();
  }
  if (count === 0 && cursor === null) note(`There are no such ${what}.`, { json });
  if (cursor !== null) note(`There are more ${what}: --limit, or --all.`, { json });
}

/** Another server may answer with JSON, too. */
function checked<Row>(page: Page<Row>): Page<Row> {
  if (Array.isArray(page?.data) && page.data.every((row) => typeof row === 'object' && row !== null)) return page;
  throw noList();
}

function noList(): HooklineError {
  return new HooklineError('not_hookline', 'The server answered with JSON that is no page of a list.', {
    hint: 'Set HOOKLINE_URL, or --url, to the address of the server.',
  });
}

/** Whether whoever reads standard output has closed it: `| head`. */
function watchReader(): { hasGone(): boolean; close(): void } {
  let gone = false;
  const onError = () => {
    gone = true;
  };
  process.stdout.on('error', onError);
  return { hasGone: () => gone, close: () => void process.stdout.off('error', onError) };
}
