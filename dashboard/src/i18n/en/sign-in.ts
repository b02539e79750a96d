export default {
  title: 'Sign in',
  lead: 'Open the portal link that you were given, or paste a token. It is exchanged for a session of this browser and kept nowhere else.',
  token: 'Token',
  tokenHint: 'A portal token (hkp_…), an API key (hk_…), a JWT, or the service key.',
  submit: 'Sign in',
} as const;
