import { api, ok } from '../../../api/client.js';
import { tell } from '../../../api/problem.js';
import type { EditorFinding } from '../../../ui/json-editor-view.js';
import { readObject } from '../../../ui/json-text.js';

/** The filters that a text says, for `jsonOf` alone: null where it is empty, undefined where it is no JSON object. */
export function filtersOf(text: string): Record<string, unknown> | null | undefined {
  if (text.trim() === '') return null;
  const read = readObject(text);
  return read.kind === 'object' ? read.value : undefined;
}

/** Asks the server whether filters are well formed; gives what is wrong with them, each where it stands. Throws what else it answers. */
export async function findingsOn(filters: Record<string, unknown>): Promise<readonly EditorFinding[]> {
  try {
    ok(await api.POST('/v1/filters/test', { body: { filters, payloads: [{}] } }));
    return [];
  } catch (error) {
    const { code, message, findings } = tell(error);
    if (code !== 'invalid_filter') throw error;
    if (findings.length === 0) return [{ pointer: '', detail: message }];
    return findings.map(({ pointer, detail }) => ({ pointer: pointer.replace(/^\/filters/, ''), detail }));
  }
}
