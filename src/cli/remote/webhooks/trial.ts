import { ok } from '@hookline/client';
import { HooklineError } from '../../../errors.js';
import { printableLine } from '../../printable.js';
import type { Connection, ConnectionOptions } from '../connection.js';
import { readJsonObject } from '../json-input.js';
import { printDone, printPairs } from '../output.js';
import { withServer } from '../run.js';
import { waitFor } from '../wait.js';
import type { Webhook } from './text.js';

/** A worker takes it within seconds; its call may take as long as the webhook allows. */
const LONGEST_WAIT_MS = 60_000;

interface TrialOptions extends ConnectionOptions {
  /** False with `--no-wait`. */
  readonly wait: boolean;
}

/** `webhooks verify`: asks for it, and waits for what came of it. Throws `verification_failed`, and `wait_timeout` when no worker took it. */
export async function verifyWebhook(id: string, options: TrialOptions): Promise<void> {
  await withServer(options, async ({ client }) => {
    const params = { path: { webhook_id: id } };
    const asked = ok(await client.POST('/v1/webhooks/{webhook_id}/verify', { params }));
    if (!options.wait) {
      printDone('The verification is under way: hookline webhooks show tells what came of it.', asked, options);
      return;
    }
    const webhook = await waitFor<Webhook>({
      read: async () => ok(await client.GET('/v1/webhooks/{webhook_id}', { params })),
      isDone: ({ verification_requested_at: at }) => at === null,
      tell: () => 'Waiting for the endpoint to answer with its token',
      json: options.json ?? false,
      timeoutMs: LONGEST_WAIT_MS,
    });
    if (webhook === undefined) throw notTaken('verification');
    if (!webhook.is_verified) throw notVerified(webhook);
    printDone(`${printableLine(webhook.url)} is verified.`, webhook, options);
  });
}

/** `webhooks test`: sends a test event, and waits for its answer. Throws `test_failed` when that is no success. */
export async function testWebhook(
  id: string,
  options: TrialOptions & { readonly event?: string; readonly data?: string },
): Promise<void> {
  const { event, data } = options;
  await withServer(options, async (connection) => {
    const payload = data === undefined ? undefined : (await readJsonObject(data, '--data')).text;
    const members = [
      ...(event === undefined ? [] : [`"event_type":${JSON.stringify(event)}`]),
      ...(payload === undefined ? [] : [`"payload":${payload}`]),
    ];
    const sent = ok(
      await connection.client.POST('/v1/webhooks/{webhook_id}/test', {
        params: { path: { webhook_id: id } },
        body: {},
        // As it was given: JavaScript would round large numbers.
        bodySerializer: () => `{${members.join()}}`,
      }),
    );
    if (options.wait) await tellAnswer(connection, sent.delivery_id, options);
    else printDone(`Sent as delivery ${sent.delivery_id}.`, sent, options);
  });
}

async function tellAnswer({ client }: Connection, id: string, options: TrialOptions): Promise<void> {
  const params = { path: { delivery_id: id } };
  const delivery = await waitFor({
    read: async () => ok(await client.GET('/v1/deliveries/{delivery_id}', { params })),
    isDone: ({ status }) => status !== 'pending',
    tell: () => `Waiting for the answer to delivery ${id}`,
    json: options.json ?? false,
    timeoutMs: LONGEST_WAIT_MS,
  });
  if (delivery === undefined) throw notTaken('test event', `hookline deliveries show ${id} tells what came of it.`);
  const { status, response_status: answer, response_time_ms: time, error_code: code, error_message: error } = delivery;
  printPairs(
    [
      ['delivery', id],
      ['event type', delivery.event_type],
      ['status', status],
      ['answer', answer],
      ['time', time === null ? null : `${time} ms`],
      ...(code === null ? [] : ([['error', `${error ?? ''} (${code})`]] as const)),
      ...(delivery.response_body ? ([['body', delivery.response_body.slice(0, 1_000)]] as const) : []),
    ],
    delivery,
    options,
  );
  if (status === 'success') return;
  throw new HooklineError('test_failed', 'The endpoint did not take the test event.', {
    hint: `It is retried as any other. hookline deliveries show ${id} has the whole answer.`,
  });
}

function notVerified({ verification_error: error, verification_error_code: code }: Webhook): HooklineError {
  const why = code === null ? '' : ` (${printableLine(code)})`;
  return new HooklineError('verification_failed', `The URL was not verified${why}.`, {
    // The server's words say what to mend.
    hint: error === null ? 'The endpoint has to answer 2xx with the token that it is sent.' : printableLine(error),
  });
}

function notTaken(what: string, hint?: string): HooklineError {
  return new HooklineError('wait_timeout', `The ${what} had no end within ${LONGEST_WAIT_MS / 1_000} s.`, {
    hint: hint ?? 'hookline stats shows the queue, and with the service key the workers: is one alive?',
  });
}
