/** The nonce of this answer of the server, which every style element that a library makes has to carry; undefined in development. */
export function nonce(): string | undefined {
  const meta = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]');
  return meta?.nonce || undefined;
}
