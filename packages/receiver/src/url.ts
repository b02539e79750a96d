/** The URL that `text` is, or null. `URL.canParse` is missing in Workers of an older compatibility date. */
export function parseUrl(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}
