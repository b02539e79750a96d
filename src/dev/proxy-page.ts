import { STATUS_CODES } from 'node:http';

/** What a proxy before PlanetScale answers when it cannot reach it: HTML, where JSON was asked for. */
export function proxyPage(status: number): string {
  const title = `${status} ${STATUS_CODES[status] ?? 'Error'}`;
  return `<!DOCTYPE html>
<html><head><title>${title}</title></head><body><center><h1>${title}</h1></center></body></html>
`;
}
