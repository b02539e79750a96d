import { ok } from '@hookline/client';
import { HooklineError } from '../../../errors.js';
import type { ConnectionOptions } from '../connection.js';
import { readJsonObject } from '../json-input.js';
import { printDone, printRows } from '../output.js';
import { withServer } from '../run.js';

/** `events check`: what is wrong where, as a table. Throws `invalid_payload` when something is. */
export async function checkPayload(
  type: string,
  options: ConnectionOptions & { readonly data: string },
): Promise<void> {
  await withServer(options, async ({ client }) => {
    const { text } = await readJsonObject(options.data, '--data');
    const answer = ok(
      await client.POST('/v1/event-types/{event_type}/check', {
        params: { path: { event_type: type } },
        body: { payload: {} },
        // As it was given: JavaScript would round large numbers.
        bodySerializer: () => `{"payload":${text}}`,
      }),
    );
    const { is_valid: isValid, errors } = answer;
    if (isValid || options.json === true) printDone(`The payload fits ${type}.`, answer, options);
    else {
      printRows(
        [
          { name: 'where', of: ({ pointer }) => pointer, cutTo: 20 },
          { name: 'what', of: ({ detail }) => detail, cutTo: 30 },
        ],
        errors,
      );
    }
    if (isValid) return;
    throw new HooklineError('invalid_payload', `The payload does not fit ${type}.`, {
      hint: `hookline events show ${type} prints the schema.`,
    });
  });
}
