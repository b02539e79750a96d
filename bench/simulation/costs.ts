import { readFileSync } from 'node:fs';
import type { Machine as Measured } from '../machine.js';

/** What things cost, as measured (calibrate.ts). CPU time in microseconds. */
export interface Costs {
  /** Of the worker: for a delivery of a large batch, and for each transaction, a claim, a record or a look that finds nothing. */
  readonly workerUs: number;
  readonly workerBatchUs: number;
  /** Of PostgreSQL: for claiming and recording a delivery in large batches, and for each transaction. */
  readonly postgresUs: number;
  readonly postgresBatchUs: number;
  /** Of PostgreSQL for an event by itself, and for each delivery of a statement that makes many. */
  readonly triggerUs: number;
  readonly triggerManyUs: number;
  /** Milliseconds that an event by itself takes besides: the disk, the way there and back, and on a busy machine the wait for a core. */
  readonly commitMs: number;
  /** And that a transaction of the worker takes besides, which goes there and back several times. */
  readonly transactionMs: number;
  /** Of an endpoint's server on the same machine. */
  readonly receiverUs: number;
  /** Bytes of the write-ahead log for a delivery, from trigger to record, with a payload of none, and for each byte of the payload. */
  readonly walBytes: number;
  readonly walPerPayloadByte: number;
  /** Bytes of tables and indexes for a delivery with its share of the event, likewise. */
  readonly storedBytes: number;
  readonly storedPerPayloadByte: number;
  /** Connections to PostgreSQL of a worker under load. */
  readonly connections: number;
}

/** One run of `npm run bench -- --only simulation`. */
export interface Measurement {
  readonly at: string;
  /** Load average of the machine at the end: how many wanted a core. */
  readonly load: number;
  readonly machine: Measured;
  readonly costs: Costs;
  /** Predicted beside measured. */
  readonly checked: readonly Readonly<Record<string, string | number>>[];
}

/** The run that docs/scale.md is made from. */
export const MEASURED = new URL('measured.json', import.meta.url);

export function measurement(file: URL | string = MEASURED): Measurement {
  return JSON.parse(readFileSync(file, 'utf8')) as Measurement;
}
