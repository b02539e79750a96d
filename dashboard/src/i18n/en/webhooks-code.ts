/** Of the verification code. */
export default {
  code: {
    title: 'Verification code',
    lead: 'Anybody can post to a URL. This code takes only what is signed with your secret and is at most five minutes old, and answers the verification of the URL.',
    language: 'Language',
    variable: 'Environment variable with the secret',
    variableWrong: 'Letters, digits and underscores; no digit first.',
    label: 'Verification code for {{language}}',
    notes: {
      client: 'npm install @hookline/client. It also has routes for Express, Fastify, Hono and Next.js.',
      server: 'Needs nothing but the standard library. A whole server on PORT: take the function into your own.',
      php: 'Needs nothing but PHP itself: put the file where your URL leads.',
      rack: 'Needs Rack alone: run it with rackup, or mount the app in Rails.',
      shell: 'For checking one delivery by hand: save its headers and its body, and run this beside them.',
    },
  },
} as const;
