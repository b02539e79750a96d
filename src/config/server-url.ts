/** Whether Hookline can be at this URL, which may have a path where a proxy serves it under one. */
export function isServerUrl(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, search, hash, username, password } = new URL(value);
  return /^https?:$/.test(protocol) && search === '' && hash === '' && username === '' && password === '';
}
