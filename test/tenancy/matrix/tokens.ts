import { table } from '../notation.js';

/** API keys and portal tokens. Functions make them and end them; the service looks them up by their hash, and writes when they were used. */
export const ACCESS_TOKENS = table(
  {
    table: 'hookline.access_tokens',
    whose: 'user_id',
    insert: {
      user_id: '$owner',
      kind: "'api_key'",
      prefix: "'hk_new'",
      hash: "sha256('new')",
      access: "'read'",
    },
  },
  `
  column        anon  user  service  value
  id            -     -     S        =
  user_id       -     -     S        $me
  kind          -     -     S        'api_key'
  name          -     -     S        'renamed'
  prefix        -     -     S        'hk_forged'
  hash          -     -     S        sha256('known to me')
  access        -     -     S        'write'
  created_at    -     -     S        '2020-01-01'
  expires_at    -     -     S        '2100-01-01'
  last_used_at  -     -     SU       '2020-01-01'
  revoked_at    -     -     S        '2020-01-01'
  DELETE        -     -     -
  `,
);

/** How their users see them. */
export const TOKENS = table(
  {
    table: 'public.webhook_access_tokens',
    whose: 'user_id',
    viewOf: 'SELECT t.user_id FROM hookline.access_tokens t',
    insert: { name: "'new'" },
  },
  `
  column        anon  user  service  value
  id            -     s     S        =
  user_id       -     s     S        $me
  kind          -     s     S        'api_key'
  name          -     s     S        'renamed'
  prefix        -     s     S        'hk_forged'
  access        -     s     S        'write'
  created_at    -     s     S        '2020-01-01'
  expires_at    -     s     S        '2100-01-01'
  last_used_at  -     s     S        '2020-01-01'
  revoked_at    -     s     S        '2020-01-01'
  DELETE        -     -     -
  `,
);
