/** A number as people read it: `1,234`. A server that is none may say it in another type than it should. */
export function number(count: number): string {
  return Number(count).toLocaleString('en-US');
}
