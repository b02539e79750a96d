/** The host of a URL as options and sockets take it: an IPv6 address stands in brackets in a URL, and without them there. */
export function bareHost({ hostname }: { readonly hostname: string }): string {
  return hostname.replace(/^\[|\]$/g, '');
}
