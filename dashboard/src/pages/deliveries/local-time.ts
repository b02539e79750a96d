const MINUTE_MS = 60_000;

/** An ISO timestamp as an input of `datetime-local` has it: in the browser's time zone, to the second; '' for none, or for what is no time. */
export function toLocal(iso: string | undefined): string {
  const time = new Date(iso ?? '');
  if (Number.isNaN(time.getTime())) return '';
  return new Date(time.getTime() - time.getTimezoneOffset() * MINUTE_MS).toISOString().slice(0, 19);
}

/** The reverse of `toLocal`, as UTC; undefined for what is no time. */
export function fromLocal(text: string): string | undefined {
  const time = new Date(text);
  return text === '' || Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}
