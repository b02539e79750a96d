import { type FailureCode, isSuccess, type Outcome, type Responded } from '../../deliver/stages.js';

/** `verification_error_code` of a webhook: what kept the call from being answered, or what was wrong with the answer. */
export type RefusalCode = FailureCode | 'verification_http_error' | 'verification_wrong_answer';

/** Why a URL is not verified; the message says what to mend. */
export interface Refusal {
  readonly code: RefusalCode;
  readonly message: string;
}

/** Whether the endpoint answered 2xx with the token: as text, as a JSON string, or as a JSON object with `token`. Undefined: it did. */
export function judge(outcome: Outcome, token: string): Refusal | undefined {
  if (outcome.kind === 'unanswered') {
    const message = `${outcome.message} Correct the URL or mend the endpoint, then request the verification again.`;
    return { code: outcome.code, message };
  }
  if (!isSuccess(outcome)) return { code: 'verification_http_error', message: onStatus(outcome) };
  if (answers(outcome.body).includes(token)) return undefined;
  return {
    code: 'verification_wrong_answer',
    message:
      `The endpoint answered ${outcome.status}, but not with the token. Answer with the value of "token" in the request's body, ` +
      'as text, as a JSON string or as {"token": …}, then request the verification again.',
  };
}

function onStatus({ status }: Responded): string {
  if (status >= 300 && status <= 399) {
    return `The endpoint answered ${status}; redirects are not followed. Change the URL to the one it leads to, which is then to be verified.`;
  }
  return `The endpoint answered ${status}. Answer 2xx with the token, then request the verification again.`;
}

/** What a body may mean, white space around it forgiven. */
function answers(body: string): unknown[] {
  const text = body.trim();
  try {
    const json: unknown = JSON.parse(text);
    const inside = typeof json === 'object' && json !== null && 'token' in json ? json.token : json;
    return [text, typeof inside === 'string' ? inside.trim() : inside];
  } catch {
    return [text];
  }
}
