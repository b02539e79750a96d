import { createHash, timingSafeEqual } from 'node:crypto';

/** Makes the check of an Authorization header against one user's name and password (Basic, RFC 7617), in constant time. */
export function createAuthorize(user: string, password: string): (header: string | undefined) => boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  const wanted = digest(`${user}:${password}`);
  return (header = '') => {
    const [, given = ''] = /^Basic +([A-Za-z0-9+/=]+)$/i.exec(header) ?? [];
    return timingSafeEqual(digest(Buffer.from(given, 'base64').toString('utf8')), wanted);
  };
}
