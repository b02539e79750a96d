import { counted } from '../../../../doctor/told.js';
import { note, painted, printJson, printLine } from '../../output.js';
import { answerOf, clockOf, isSuccess, oneLine } from '../text.js';

const QUOTED_LENGTH = 120;

/** What came of one delivery. */
export interface Forwarded {
  readonly delivery_id: string;
  readonly webhook_id: string;
  readonly event_type: string;
  /** The number of the attempt that was forwarded. */
  readonly attempt: number;
  /** Of the local server; null: it did not answer. */
  readonly status: number | null;
  readonly time_ms: number | null;
  /** Why there was no answer; `not_sent` and `gone` where there was nothing to forward. */
  readonly error: string | null;
  /** For people: why there was no answer, or what a refusing answer says. */
  readonly text: string;
  /** Its signature was too old to be verified, and made anew. */
  readonly is_signed_anew: boolean;
  /** How old the signature is, in seconds, where receivers take it for too old. */
  readonly stale_s?: number;
}

export interface Summary {
  readonly forwarded: number;
  /** Answered 2xx, answered otherwise, not answered. */
  readonly succeeded: number;
  readonly refused: number;
  readonly unanswered: number;
  /** Under way, or not yet begun, when it ended. */
  readonly cut_off: number;
  /** How often the stream broke. */
  readonly interruptions: number;
  /** How often changes could not be told any more. */
  readonly gaps: number;
}

/** Prints what came of one delivery: a line for people, or of JSON. */
export function tellForwarded(forwarded: Forwarded, json: boolean): void {
  const at = new Date();
  const { text, ...rest } = forwarded;
  if (json) printJson({ at: at.toISOString(), change: 'forwarded', ...rest });
  else printLine(lineOf(forwarded, at));
}

/** One line for people. */
export function lineOf(forwarded: Forwarded, at: Date): string {
  const { status, time_ms, delivery_id, event_type, attempt, text, is_signed_anew, stale_s } = forwarded;
  const rest = [
    oneLine(event_type),
    ...(attempt > 1 ? [oneLine(`attempt ${attempt}`)] : []),
    ...(is_signed_anew ? ['signed anew'] : []),
    ...(stale_s === undefined ? [] : [`signed ${stale_s} s ago`]),
    ...(text === '' ? [] : [quoted(text)]),
  ];
  const answer = painted(isSuccess(status) ? 'green' : 'red', answerOf(status, time_ms));
  return `${clockOf(at)}  ${answer}  ${delivery_id}  ${rest.join('  ')}`;
}

/** Prints the summary: in words on standard error, or as the last line of JSON. */
export function tellSummary(summary: Summary, json: boolean): void {
  if (json) printJson({ at: new Date().toISOString(), change: 'summary', ...summary });
  else note(`\n${inWords(summary)}`);
}

export function inWords({ forwarded, succeeded, refused, unanswered, cut_off }: Summary): string {
  const parts = [
    `${counted(forwarded, 'delivery', 'deliveries')} forwarded`,
    `${succeeded} answered 2xx`,
    ...(refused > 0 ? [`${refused} answered otherwise`] : []),
    ...(unanswered > 0 ? [`${unanswered} not answered`] : []),
  ];
  return `${parts.join(', ')}${cut_off > 0 ? `; ${cut_off} cut off` : ''}.`;
}

function quoted(text: string): string {
  const line = oneLine(text);
  return line.length > QUOTED_LENGTH ? `${line.slice(0, QUOTED_LENGTH)}…` : line;
}
