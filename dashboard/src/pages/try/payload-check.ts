import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { api, ok } from '../../api/client.js';
import type { EditorFinding } from '../../ui/json-editor-view.js';
import { readObject } from '../../ui/json-text.js';
import { useDebounced } from '../../ui/use-debounced.js';

const STANDS_STILL_MS = 250;
/** Findings are in the body of the request, in which the payload is a member. */
const OF_REQUEST = /^\/payload/;

/** What is known of a payload: it fits the schema, or where it does not; `unchecked`: there is no schema to ask, or it could not be asked. */
export interface PayloadCheck {
  readonly state: 'not_json' | 'not_object' | 'checking' | 'valid' | 'invalid' | 'unchecked';
  readonly findings: readonly EditorFinding[];
  /** Why it could not be asked. */
  readonly error: unknown;
}

const NOTHING: readonly EditorFinding[] = [];

/** Asks the server, by the validator that events go through, each time that the text has stood still; a question that is superseded is aborted. */
export function usePayloadCheck(eventType: string | undefined, text: string): PayloadCheck {
  const asked = useDebounced(text, STANDS_STILL_MS);
  const now = useMemo(() => readObject(text).kind, [text]);
  const payload = useMemo(() => readObject(asked), [asked]);
  const { data, error, isFetching } = useQuery({
    queryKey: ['event-types', 'check', eventType, asked],
    queryFn: async ({ signal }) => {
      if (eventType === undefined || payload.kind !== 'object') return [];
      const result = await api.POST('/v1/event-types/{event_type}/check', {
        params: { path: { event_type: eventType } },
        body: { payload: payload.value },
        signal,
      });
      return ok(result).errors.map(({ pointer, detail }) => ({ pointer: pointer.replace(OF_REQUEST, ''), detail }));
    },
    enabled: eventType !== undefined && payload.kind === 'object',
    placeholderData: keepPreviousData,
    refetchOnWindowFocus: false,
    gcTime: 10_000,
  });
  if (now === 'not_json') return { state: 'not_json', findings: NOTHING, error: null };
  if (now === 'other') return { state: 'not_object', findings: NOTHING, error: null };
  if (eventType === undefined || error !== null) return { state: 'unchecked', findings: NOTHING, error };
  const findings = data ?? NOTHING;
  if (asked !== text || isFetching) return { state: 'checking', findings, error: null };
  return { state: findings.length === 0 ? 'valid' : 'invalid', findings, error: null };
}
