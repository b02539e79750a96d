const PREFIX = '/v1/callback/';

/** The callback URL of a channel, as ModelRiver's but for the origin. */
export function callbackUrlOf(origin: string, channelId: string): string {
  return `${origin}${PREFIX}${encodeURIComponent(channelId)}`;
}

/** The channel whose callbacks `url` takes; null when it is no callback URL of this origin. */
export function channelOf(url: string, origin: string): string | null {
  if (!URL.canParse(url)) return null;
  const { origin: itsOrigin, pathname } = new URL(url);
  return itsOrigin === origin ? channelOfPath(pathname) : null;
}

/** The channel in the path of a callback; null when it is none. */
export function channelOfPath(path: string): string | null {
  const rest = path.startsWith(PREFIX) ? path.slice(PREFIX.length) : '';
  if (rest === '' || rest.includes('/')) return null;
  try {
    return decodeURIComponent(rest);
  } catch {
    return null;
  }
}
