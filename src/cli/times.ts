/** A time as tables have it: to the minute, in UTC. What is no time stays as it is. */
export function minuteOf(time: string): string {
  return cutOff(time, 16) ?? time;
}

/** A time to the minute, with its zone; null for none. What is no time stays as it is. */
export function timeOf(time: string | null | undefined): string | null {
  return time === null || time === undefined ? null : `${minuteOf(time)} UTC`;
}

/** A time to the second, with its zone; null for none. What is no time stays as it is. */
export function secondOf(time: string | null): string | null {
  if (time === null) return null;
  const cut = cutOff(time, 19);
  return cut === undefined ? time : `${cut} UTC`;
}

function cutOff(time: string, length: number): string | undefined {
  const parsed = new Date(time);
  return Number.isNaN(parsed.getTime()) ? undefined : parsed.toISOString().slice(0, length).replace('T', ' ');
}
