import { readJsonObject } from '../../json-input.js';
import { userOf } from '../../options.js';

export interface EventOptions {
  readonly user?: string;
  readonly broadcast?: boolean;
  readonly data: string;
}

/** A body of `POST /v1/events`, as a value and as it goes over the wire. */
export interface EventRequest {
  readonly body: {
    readonly type: string;
    readonly payload: Record<string, unknown>;
    readonly user_id?: string;
    readonly external_user_id?: string;
    readonly broadcast?: true;
  };
  /** The payload in it is the text that was given: its numbers keep all their digits. */
  readonly text: string;
}

/**
 * Reads what `--data` is given (`@file`, `-` or `@-` for standard input, or JSON itself).
 * @throws `file_unreadable` and `invalid_json`.
 */
export async function eventRequest(
  type: string,
  { user, broadcast = false, data }: EventOptions,
): Promise<EventRequest> {
  const payload = await readJsonObject(data === '-' ? '@-' : data, '--data');
  const rest = { type, ...userOf(user), ...(broadcast && { broadcast: true as const }) };
  // JSON.parse has read it as one value: nothing of it can stand beside the payload.
  const text = `${JSON.stringify(rest).slice(0, -1)},"payload":${payload.text}}`;
  return { body: { ...rest, payload: payload.value }, text };
}
