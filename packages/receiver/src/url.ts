/** The URL that `text` is, or null. `URL.canParse` is missing in Workers of a compatibility date before October 2022. */
export function parseUrl(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}
