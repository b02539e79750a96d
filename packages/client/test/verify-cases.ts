import type { Case } from './runtimes-program.js';
import { BODY, delivery, newKeyPair, ofBody, SECRET, v1a } from './signing.js';

/** A request of each kind, and what has to come of it. */
export function scenario(): [Case, unknown][] {
  const pair = newKeyPair();
  const [first, asymmetric] = [delivery(), delivery()];
  const [id = '', timestamp = ''] = [asymmetric.headers['webhook-id'], asymmetric.headers['webhook-timestamp']];
  const headers = { ...asymmetric.headers, 'webhook-signature': v1a(id, timestamp, BODY, pair) };
  const right = { event: 'video.generated', payload: JSON.parse(BODY) };
  const ofBodyAlone = { 'x-webhook-event': 'video.generated', 'x-webhook-signature': ofBody(BODY, SECRET, 'sha512') };
  return [
    [{ ...first, keys: SECRET }, right],
    [{ ...first, keys: SECRET }, 'already_seen'],
    [{ ...delivery(), keys: `whsec_${Buffer.from(SECRET).toString('base64')}` }, right],
    [{ ...delivery(), body: '{}', keys: SECRET }, 'invalid_signature'],
    [{ ...delivery(), keys: 'another' }, 'invalid_signature'],
    [{ ...delivery(BODY, { at: Date.now() - 400_000 }), keys: SECRET }, 'timestamp_too_old'],
    [{ ...delivery(JSON.stringify('x'.repeat(1_000))), keys: SECRET }, 'body_too_large'],
    [{ headers, body: BODY, keys: { keys: [pair.jwk] } }, right],
    [{ headers, body: BODY, keys: newKeyPair().whpk }, 'invalid_signature'],
    [{ headers: ofBodyAlone, body: BODY, keys: SECRET, requireTimestamp: false }, right],
    [{ headers: ofBodyAlone, body: BODY, keys: SECRET }, 'timestamp_required'],
  ];
}
