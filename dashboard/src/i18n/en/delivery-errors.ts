/** What the error codes of attempts mean, and what to do. docs/egress.md has those of calls. */
export default {
  timeout: {
    title: 'Timed out',
    meaning: 'There was no whole answer within the time-out of the webhook.',
    todo: 'Answer 2xx at once and do the work afterwards, or raise the time-out of the webhook.',
  },
  connection_refused: {
    title: 'Connection refused',
    meaning: 'Nothing listens at the address and port of the URL.',
    todo: 'Start the server, or correct the host and port of the URL.',
  },
  connection_reset: {
    title: 'Connection closed',
    meaning: 'The connection was closed before the whole answer came.',
    todo: 'See the log of the server and of the proxy before it: often it restarted, crashed, or cut off an idle connection.',
  },
  dns_error: {
    title: 'Host not found',
    meaning: 'The host name has no address, or could not be looked up.',
    todo: 'Check the spelling of the host in the URL, and its DNS entries.',
  },
  unreachable: {
    title: 'Unreachable',
    meaning: 'No way leads to the host.',
    todo: 'Check that the server is up and that its network and firewall let calls in.',
  },
  address_forbidden: {
    title: 'Address not allowed',
    meaning: 'The host is, or resolves to, a private or special address.',
    todo: 'Use a public address. The operator of this service can allow others (HOOKLINE_ALLOW_NETWORKS).',
  },
  port_forbidden: {
    title: 'Port not allowed',
    meaning: 'The port of the URL is not one that may be called.',
    todo: 'Use an ordinary port, as 443. The operator of this service can allow others (HOOKLINE_ALLOW_PORTS).',
  },
  proxy_error: {
    title: 'Proxy failed',
    meaning: 'The proxy that calls leave through made no connection. It is not the endpoint’s fault.',
    todo: 'The operator of this service has to look at the proxy. Attempts go on meanwhile.',
  },
  tls_error: {
    title: 'TLS failed',
    meaning: 'There is no TLS at that port, or the certificate is expired, of another host, or of nobody known.',
    todo: 'Renew the certificate, and serve it with its whole chain.',
  },
  protocol_error: {
    title: 'No proper HTTP',
    meaning: 'The answer is not well-formed HTTP/1.1.',
    todo: 'Check what listens there, and the length and chunks that the server sends.',
  },
  headers_too_large: {
    title: 'Headers too large',
    meaning: 'The headers of the answer are larger than 16 KiB.',
    todo: 'Answer with fewer or shorter headers; cookies are of no use here.',
  },
  invalid_url: {
    title: 'Invalid URL',
    meaning: 'The URL is neither http nor https.',
    todo: 'Correct the URL of the webhook.',
  },
  unsendable_payload: {
    title: 'Request cannot be made',
    meaning: 'No request could be made from what is stored, such as the payload and the signing keys.',
    todo: 'Whoever runs Hookline finds the cause in the log of the worker. Until it is mended, another attempt fails the same way.',
  },
  network_error: {
    title: 'Network error',
    meaning: 'The call failed below HTTP.',
    todo: 'The message below tells more. Check that the server can be reached from outside.',
  },
  no_response: {
    title: 'No response',
    meaning: 'No answer came.',
    todo: 'Check that the server can be reached from outside and answers in time.',
  },
  http_redirect: {
    title: 'Redirect',
    meaning: 'The endpoint answered with a redirect. Redirects are not followed.',
    todo: 'Set the webhook to the URL that it redirects to.',
  },
  http_client_error: {
    title: 'Refused (4xx)',
    meaning:
      'The endpoint refused the call. 401 and 403 often mean that it checks the signature with another secret, 404 that the path is wrong.',
    todo: 'Read its answer below, mend the endpoint or the URL, and retry.',
  },
  http_gone: {
    title: 'Gone (410)',
    meaning: 'The endpoint answered 410: it wants no calls any more. The webhook was made inactive.',
    todo: 'If that was a mistake, mend the endpoint, activate the webhook again, and retry.',
  },
  http_rate_limited: {
    title: 'Too many calls (429)',
    meaning: 'The endpoint takes no more calls for now. Its Retry-After is kept to.',
    todo: 'Nothing, if it passes. Else set a rate limit on the webhook, or let the endpoint take more.',
  },
  http_server_error: {
    title: 'Endpoint failed (5xx)',
    meaning: 'The endpoint, or a proxy before it, failed at the call.',
    todo: 'See the log of the endpoint at the time of this attempt, mend it, and retry.',
  },
  webhook_inactive: {
    title: 'Webhook inactive',
    meaning: 'It was not sent: the webhook was inactive for too long.',
    todo: 'Activate the webhook, and retry.',
  },
  webhook_unverified: {
    title: 'Webhook unverified',
    meaning: 'It was not sent: the URL of the webhook was unverified for too long.',
    todo: 'Verify the URL of the webhook, and retry.',
  },
  expired: {
    title: 'Waited too long',
    meaning: 'It was not sent in time: the webhook was paused, or its endpoint failed, for too long.',
    todo: 'Once the endpoint answers again, retry; or replay all that failed meanwhile.',
  },
} as const;
