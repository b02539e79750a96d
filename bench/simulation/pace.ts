// As in src/deliver: claim-loop.ts, recorder.ts, room.ts.
export const CONCURRENCY = 256;
export const CLAIM_BATCH = 500;
export const CLAIM_PER_WEBHOOK = 64;
export const CLAIM_CAPS = 2;
export const MOST_ROOM = 4_000;
export const SMALL_CLAIM = 100;
export const GATHER_MS = 5;
export const ENOUGH_TO_DO = 500;
export const LONG_GATHER_MS = 20;
export const BUSY_ROWS = 100;
export const BUSY_MS = 500;
export const LEAST_ROWS = 10;
export const RECORD_BATCH = 500;
export const BUSY_BATCH = 16;
export const RECORD_GATHER_MS = 50;
/** Of a delivery's cost, what claiming takes of PostgreSQL, by the times of the statements. */
export const CLAIMING = 0.35;
/** And of the worker, by its profile: taking in the rows of a claim, all at once; sending. The rest is for the answer. */
export const TAKING = 0.2;
export const SENDING = 0.45;
/** From a commit to the worker that waits for it, over NOTIFY and its connection. */
export const NOTIFY_MS = 0.3;
