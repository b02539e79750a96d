import type { HooklineApiError } from '@hookline/client';
import { printableLine } from '../printable.js';

/** What is told of a refusal of the server: its own words, and where a request id leads in its log. */
export interface ToldRefusal {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  readonly request_id?: string;
  readonly findings?: readonly { readonly pointer: string; readonly detail: string }[];
}

const LONGEST_TEXT = 2_000;
const MOST_FINDINGS = 20;
const FOR_CREDENTIALS =
  "HOOKLINE_TOKEN takes a user's token, an API key or a portal token of this server; HOOKLINE_SERVICE_KEY the key that the server was started with.";
/** What somebody at a command line does, where the server's hint speaks of HTTP or has none. */
const HINTS: Readonly<Record<string, string>> = {
  forbidden:
    'This is for the service: set HOOKLINE_SERVICE_KEY, and HOOKLINE_TOKEN to nothing. Of what is your own, leave out --user.',
  read_only_credential: 'Sign in with one whose access is write: HOOKLINE_TOKEN.',
  webhook_not_found: 'hookline webhooks list shows those that you may see.',
  delivery_not_found: 'hookline deliveries list shows those that you may see.',
  replay_not_found: 'hookline replay list shows those that you may see.',
  event_type_not_found: 'hookline events list shows those that there are.',
  webhook_inactive: 'hookline webhooks activate <id> makes it active.',
  webhook_unverified: 'hookline webhooks verify <id> has its URL verified.',
  event_type_in_use: 'hookline events edit <event-type> --disable keeps it from being triggered.',
  access_token_not_found: 'hookline keys list, or token list, shows those that there are.',
  subscription_not_found: 'hookline webhooks show <id> names those that it has.',
  replay_running: 'hookline replay list shows it; hookline replay cancel <id> ends it.',
  unknown_user:
    'A user is known once a request has come with a token of theirs, or hookline token create --user <id> has made one.',
};

/** What the server said when it refused; undefined for any other error. */
export function refusalOf(error: unknown): ToldRefusal | undefined {
  if (!isRefusal(error)) return undefined;
  const { hint, errors } = (error.problem ?? {}) as { readonly hint?: unknown; readonly errors?: unknown };
  const said = HINTS[error.code] ?? (error.status === 401 ? FOR_CREDENTIALS : hint);
  const findings = Array.isArray(errors) ? errors.filter(isFinding).slice(0, MOST_FINDINGS) : [];
  return {
    code: textOf(error.code),
    message: textOf(error.message),
    ...(typeof said === 'string' && { hint: textOf(said) }),
    ...(error.requestId !== null && { request_id: textOf(error.requestId) }),
    ...(findings.length > 0 && {
      findings: findings.map(({ pointer, detail }) => ({ pointer: textOf(pointer), detail: textOf(detail) })),
    }),
  };
}

/** By its name: the client is loaded by the commands alone that call a server. */
function isRefusal(error: unknown): error is HooklineApiError {
  return error instanceof Error && error.name === 'HooklineApiError';
}

function isFinding(value: unknown): value is { readonly pointer: string; readonly detail: string } {
  if (typeof value !== 'object' || value === null || !('pointer' in value) || !('detail' in value)) return false;
  return typeof value.pointer === 'string' && typeof value.detail === 'string';
}

function textOf(text: string): string {
  const shown = printableLine(text);
  return shown.length > LONGEST_TEXT ? `${shown.slice(0, LONGEST_TEXT)}…` : shown;
}
