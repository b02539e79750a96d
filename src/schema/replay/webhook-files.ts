import { EventError, parseEvent } from '@hookline/receiver';
import { HooklineError } from '../../errors.js';
import { bodiesIn, type FileBody, FORMS } from './bodies.js';
import { PAGE, type SourceWebhook } from './source.js';

/**
 * The webhooks in files and folders, in their order, in pages: those that `hookline gateway-sim --file` sends.
 * Throws `replay_source_unreadable`, naming file and line, and `replay_source_empty`.
 */
export function fileWebhooks(paths: readonly string[]): SourceWebhook[][] {
  const all = paths.flatMap(ofPath);
  if (all.length === 0) throw new HooklineError('replay_source_empty', 'No file was named.', { hint: FORMS });
  return Array.from({ length: Math.ceil(all.length / PAGE) }, (_, at) => all.slice(at * PAGE, (at + 1) * PAGE));
}

function ofPath(path: string): SourceWebhook[] {
  const found = bodiesOf(path);
  if (found.length > 0) return found.map(webhook);
  throw new HooklineError('replay_source_empty', `${path} holds no webhook.`, { hint: FORMS });
}

function bodiesOf(path: string): FileBody[] {
  try {
    return bodiesIn(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${error.code})` : '';
    throw unreadable(`${path} cannot be read${code}.`, error);
  }
}

function webhook({ from, body }: FileBody): SourceWebhook {
  const wrong = jsonError(body);
  if (wrong !== null) throw unreadable(`${from} is not JSON: ${wrong}`);
  try {
    parseEvent(body);
  } catch (error) {
    if (error instanceof EventError) throw unreadable(`${from} is no webhook: ${error.message}`);
    throw error;
  }
  return { id: from, body, stored: null, isChanged: false };
}

/** What is wrong with a text that should be JSON, with the line where it has several; null for JSON. */
function jsonError(content: Uint8Array): string | null {
  const text = new TextDecoder().decode(content);
  try {
    JSON.parse(text);
    return null;
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    const [, position] = /at position (\d+)/.exec(words) ?? [];
    const isNamed = position === undefined || !text.trimEnd().includes('\n') || / \(line /.test(words);
    return isNamed ? `${words}.` : `${words} (line ${text.slice(0, Number(position)).split('\n').length}).`;
  }
}

function unreadable(message: string, cause?: unknown): HooklineError {
  return new HooklineError('replay_source_unreadable', message, { hint: FORMS, cause });
}
