import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { LRUCache } from 'lru-cache';
import { Type } from 'typebox';
import type { Database } from '../../db/database.js';
import { asService } from '../../db/roles.js';
import { firstPublicKeySet, publicKeySet } from '../../manage/signing-keys/signing-keys.js';
import { emptyAnswer, jsonAnswer, problemAnswers } from '../openapi/answers.js';
import { KNOWN_VERSION, sendVersioned } from '../v1/etag.js';

/** How long others may keep the key set. A new key signs beside the old one for longer than this, unless the service says otherwise. */
const MAX_AGE_S = 300;
/** Anybody may ask, as often as they like: a process asks the database once in this time. For as long a rotation may not show. */
const KEPT_FOR_MS = 2_000;

const KeySet = Type.Object(
  {
    keys: Type.Array(
      Type.Object({
        kty: Type.Literal('OKP'),
        crv: Type.Literal('Ed25519'),
        alg: Type.Literal('EdDSA'),
        use: Type.Literal('sig'),
        kid: Type.String({ description: 'The thumbprint of the key (RFC 7638).' }),
        x: Type.String({ description: 'The public key.' }),
      }),
    ),
  },
  { title: 'WebhookKeySet' },
);

const SCHEMA = {
  operationId: 'getWebhookKeys',
  summary: 'Public keys',
  description:
    'The keys that `v1a` signatures of deliveries are verified with, a JSON Web Key Set (RFC 7517), the current one first. A signature is good when one of ' +
    'them verifies it.',
  tags: ['Keys'],
  security: [],
  headers: KNOWN_VERSION,
  response: {
    200: jsonAnswer('The keys.', KeySet, {
      etag: Type.String(),
      'cache-control': Type.String({ examples: [`public, max-age=${MAX_AGE_S}`] }),
    }),
    304: emptyAnswer('The caller has them.'),
    ...problemAnswers(['invalid_request', 'database_unavailable', 'shutting_down']),
  },
};

/** `GET /.well-known/webhook-keys`, for everyone: the public keys of the installation. */
export function webhookKeyRoutes(app: FastifyInstance, { db }: { readonly db: Database }): void {
  const kept = new LRUCache<'keys', string>({
    max: 1,
    ttl: KEPT_FOR_MS,
    fetchMethod: async () => (await asService(db, publicKeySet, 'read')) ?? (await asService(db, firstPublicKeySet)),
  });
  app.get('/.well-known/webhook-keys', { schema: SCHEMA }, async (request, reply) => {
    const keySet = (await kept.fetch('keys')) ?? '';
    const etag = `"${createHash('sha256').update(keySet).digest('base64url')}"`;
    return sendVersioned(request, reply, { etag, json: keySet, cacheControl: `public, max-age=${MAX_AGE_S}` });
  });
}
