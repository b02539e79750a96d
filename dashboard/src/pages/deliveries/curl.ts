interface SentRequest {
  readonly request_method: string;
  readonly request_url: string;
  readonly request_headers: Readonly<Record<string, unknown>> | null;
  readonly body: string;
}

/** The request as a command for a POSIX shell; masked values stand as `***`. */
export function curlOf({
  request_method: method,
  request_url: url,
  request_headers: headers,
  body,
}: SentRequest): string {
  const lines = [
    `curl -X ${method} ${quoted(url)}`,
    ...Object.entries(headers ?? {}).map(([name, value]) => `-H ${quoted(`${name}: ${String(value)}`)}`),
    `--data-raw ${quoted(body)}`,
  ];
  return lines.join(' \\\n  ');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
