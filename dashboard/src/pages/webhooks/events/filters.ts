import { api, ok } from '../../../api/client.js';
import { tell } from '../../../api/problem.js';
import type { EditorFinding } from '../../../ui/json-editor-view.js';
import { objectOf } from '../form/mistakes.js';

/** The filters that a text says: null where it is empty, undefined where it is no JSON object. */
export function filtersOf(text: string): Record<string, unknown> | null | undefined {
  return text.trim() === '' ? null : objectOf(text);
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
