import type { components } from '@hookline/client';

export type Delivery = components['schemas']['Delivery'];
export type DeliverySummary = components['schemas']['DeliverySummary'];
export type Attempt = components['schemas']['Attempt'];
export type Webhook = components['schemas']['Webhook'];
export type Replay = components['schemas']['Replay'];

/** What was sent and answered in an attempt: a delivery has it of its latest one. */
export type Exchange = Pick<
  Attempt,
  | 'request_url'
  | 'request_headers'
  | 'response_status'
  | 'response_headers'
  | 'response_body'
  | 'response_time_ms'
  | 'error_code'
  | 'error_message'
>;

/** A delivery that nothing is done for any more by itself. */
export function isEnded({ status }: { readonly status: string }): boolean {
  return status === 'success' || status === 'failed';
}

/** The API tries only a failed delivery again by hand. */
export function mayBeRetried({ status }: { readonly status: string }): boolean {
  return status === 'failed';
}
