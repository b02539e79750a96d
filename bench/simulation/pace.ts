// As in src/deliver: claim-loop.ts, recorder.ts, room.ts.
export const CONCURRENCY = 256;
export const CLAIM_BATCH = 500;
export const CLAIM_PER_WEBHOOK = 64;
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
/** Of a delivery's cost, what claiming takes of PostgreSQL, and sending of the worker: by the times of their statements and the worker's profile. */
export const CLAIMING = 0.35;
export const SENDING = 0.6;
