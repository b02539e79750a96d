export default {
  offline: 'The server cannot be reached.',
  unexpected: 'Something went wrong on this page.',
  unauthorized: 'Please sign in.',
  token_expired: 'This link has ended. Ask for a new one.',
  token_revoked: 'This link was revoked. Ask for a new one.',
  unknown_token: 'This token is not known here. Check that it is whole, or ask for a new one.',
  malformed_token: 'This is no whole token. Copy it again, or ask for a new one.',
  session_expired: 'Your session has ended. Sign in again.',
  read_only_credential: 'This session may only read.',
  rate_limited: 'Too many requests. Wait a moment.',
} as const;
