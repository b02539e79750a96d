import { calls, table } from '../notation.js';

/** Schema auth where it is ours. On Supabase it is Supabase's, and left alone. */
export const AUTH_TABLES = [
  table(
    { table: 'auth.users', whose: 'id', insert: { id: 'gen_random_uuid()' } },
    `
    column      anon  user  service  value
    id          -     -     SIU      =
    email       -     -     SIU      'changed@example.com'
    created_at  -     -     SIU      '2020-01-01'
    DELETE      -     -     D
    `,
  ),
];

export const AUTH_CALLS = calls(`
  call        anon     owner    stranger  no-user  service
  auth.uid()  reads:1  reads:1  reads:1   reads:1  reads:1
`);
