import { Type } from 'typebox';
import { answers, emptyAnswer, jsonAnswer, WRITING_BODY } from '../openapi/answers.js';
import { nullable, timestamp, uuid } from '../v1/schemas.js';

const TAGS = ['Access'];
const LONGEST_CREDENTIAL = 8_192;

const Session = Type.Object(
  {
    kind: Type.Enum(['user', 'service'], { type: 'string' }),
    user_id: nullable(uuid(), 'Whom it acts as; null for the service.'),
    access: Type.Enum(['read', 'write'], {
      type: 'string',
      description: '`read` changes nothing, and sees no secret.',
    }),
    expires_at: nullable(timestamp(), 'When it ends; null for a bearer that does not end by itself.'),
    csrf_token: nullable(
      Type.String(),
      'For the header `x-csrf-token` of whatever is sent by the cookie and changes something; null for a bearer.',
    ),
    version: Type.String({ description: 'The version of the server.' }),
  },
  { title: 'Session' },
);
const GOOD = {
  200: jsonAnswer('Who is signed in.', Session, {
    'set-cookie': Type.String({ description: '`hookline_session`, where a session begins.' }),
  }),
};

export const Body = Type.Object(
  {
    token: Type.String({
      minLength: 1,
      maxLength: LONGEST_CREDENTIAL,
      pattern: '^\\S+$',
      description: 'A portal token, an API key, a JWT or the service key.',
    }),
  },
  { additionalProperties: false },
);

export const CREATE = {
  operationId: 'createSession',
  summary: 'Sign a browser in',
  description:
    'Seals a credential into the cookie `hookline_session`, which no script of a page can read, for twelve hours at most. The server keeps no session: on every ' +
    'request the credential is checked as a bearer would be, so that revoking it ends the session.',
  tags: TAGS,
  security: [],
  body: Body,
  response: answers(GOOD, [...WRITING_BODY.filter((code) => code !== 'read_only_credential'), 'credential_too_long']),
};

export const READ = {
  operationId: 'getSession',
  summary: 'Who is signed in',
  description: 'By the cookie, or by a bearer.',
  tags: TAGS,
  response: answers(GOOD, []),
};

export const END = {
  operationId: 'deleteSession',
  summary: 'Sign a browser out',
  description: 'The browser forgets the cookie. The credential stays good: revoke it to end it everywhere.',
  tags: TAGS,
  security: [],
  response: answers({ 204: emptyAnswer('Signed out, now or before.') }, []),
};
