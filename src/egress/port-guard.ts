/** Thrown for a port that deliveries, callbacks and verification may not reach. */
export class PortForbiddenError extends Error {
  readonly code = 'port_forbidden';

  constructor(port: number) {
    super(`Port ${port} is one that the operator has not allowed.`);
    this.name = 'PortForbiddenError';
  }
}

/** The ports from the first to the second, both included. */
export type PortRange = readonly [number, number];

type PortGuard = (port: number) => boolean;

/**
 * Ports whose protocols may take lines of an HTTP request for commands: those that browsers refuse (WHATWG Fetch, "port blocking"; mail, chat,
 * remote login and the like), and Redis (6379) and memcached (11211), which run the lines of a body.
 */
const REFUSED: ReadonlySet<number> = new Set([
  0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109, 110,
  111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530, 531, 532,
  540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061,
  6000, 6379, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080, 11211,
]);

/** Makes the test that says whether a port may be reached: one of `allowed`, or without it any but those of other protocols. */
export function createPortGuard(allowed: readonly PortRange[] | undefined): PortGuard {
  if (allowed === undefined) return (port) => !REFUSED.has(port);
  return (port) => allowed.some(([first, last]) => port >= first && port <= last);
}
