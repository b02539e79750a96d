import { HooklineError } from '../../errors.js';
import { bodiesIn, type FileBody, FORMS } from '../../schema/replay/bodies.js';

/**
 * The webhooks in files and folders, in their order, byte for byte, whatever they hold: of broken ones the receiver is to say so.
 * Throws `invalid_config` for a path that cannot be read or holds no webhook.
 */
export function readWebhooks(paths: readonly string[]): FileBody[] {
  return paths.flatMap((path) => {
    const found = bodiesOf(path);
    if (found.length > 0) return found;
    throw new HooklineError('invalid_config', `${path} holds no webhook.`, { hint: FORMS });
  });
}

function bodiesOf(path: string): FileBody[] {
  try {
    return bodiesIn(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${error.code})` : '';
    throw new HooklineError('invalid_config', `${path} cannot be read${code}.`, { cause: error });
  }
}
