import type { components } from '@hookline/client';
import { useQuery } from '@tanstack/react-query';
import { parse } from 'lossless-json';
import { api, ok } from '../../api/client.js';
import { againAfter } from '../../api/queries.js';
import { readableJsonOf } from '../../ui/json-text.js';
import { PAGE_SIZE } from '../../ui/pager.js';

export type ContentSummary = components['schemas']['AiContentSummary'];
export type Content = components['schemas']['AiContent'];
export type CallbackState = NonNullable<ContentSummary['callback_state']>;
export type EventState = NonNullable<ContentSummary['event_state']>;

export const CALLBACK_STATES: readonly CallbackState[] = ['pending', 'done', 'failed', 'expired', 'refused'];
export const EVENT_STATES: readonly EventState[] = ['pending', 'done', 'failed', 'expired', 'skipped'];

/** New rows show by themselves within this time, while somebody looks. */
const AGAIN_AFTER_MS = 2_000;

export interface ContentFilter {
  readonly eventName: string | undefined;
  readonly callbackState: CallbackState | undefined;
  readonly eventState: EventState | undefined;
}

/** A page of received webhooks, the latest first. The first page is read again and again: what comes in is there. */
export function useContents({ eventName, callbackState, eventState }: ContentFilter, cursor: string | undefined) {
  return useQuery({
    queryKey: ['content', 'list', { eventName, callbackState, eventState, cursor }],
    queryFn: async ({ signal }) => {
      const query = {
        limit: PAGE_SIZE,
        ...(eventName !== undefined && { event_name: eventName }),
        ...(callbackState !== undefined && { callback_state: callbackState }),
        ...(eventState !== undefined && { event_state: eventState }),
        ...(cursor !== undefined && { cursor }),
      };
      return ok(await api.GET('/v1/ai-content', { params: { query }, signal }));
    },
    refetchInterval: ({ state }) => (cursor === undefined ? againAfter(AGAIN_AFTER_MS, state) : false),
  });
}

/** A received webhook, and the JSON in it as it came, which JavaScript's numbers would not keep. */
export interface ReadContent {
  readonly content: Content;
  readonly payload: string;
  readonly metadata: string;
}

/** Read again while something of it is still to be done; undefined: not at all. */
export function useContent(id: string | undefined) {
  return useQuery({
    queryKey: ['content', 'one', id],
    enabled: id !== undefined,
    queryFn: async ({ signal }): Promise<ReadContent> => {
      const path = { content_id: id ?? '' };
      const text = ok(await api.GET('/v1/ai-content/{content_id}', { params: { path }, parseAs: 'text', signal }));
      const { payload, metadata } = parse(text) as Readonly<Record<'payload' | 'metadata', unknown>>;
      return {
        content: JSON.parse(text) as Content,
        payload: readableJsonOf(payload),
        metadata: readableJsonOf(metadata),
      };
    },
    refetchInterval: ({ state: { data } }) => (data !== undefined && isPending(data.content) ? AGAIN_AFTER_MS : false),
  });
}

function isPending({ callback_state: callback, event_state: event }: Content): boolean {
  return callback === 'pending' || event === 'pending';
}
