import type { Attempted } from './record.js';
import { Recorder, type RecorderOptions } from './recorder.js';

/** Batches of results that are written at once: one connection alone writes slower than one process sends. */
const RECORDERS = 2;

/** Several recorders, each for webhooks of its own, so that two batches written at once never wait for each other's webhooks. */
export class Recorders {
  readonly #recorders: readonly Recorder[];

  constructor(options: RecorderOptions) {
    this.#recorders = Array.from({ length: RECORDERS }, () => new Recorder(options));
  }

  add(attempted: Attempted): void {
    // The last byte of a random id.
    const place = Number.parseInt(attempted.prepared.delivery.webhookId.slice(-2), 16) % RECORDERS;
    this.#recorders[place]?.add(attempted);
  }

  /** Resolves when everything is written, or after `boundMs`; what is not in by then is sent again after its lease. */
  async drain(boundMs: number): Promise<void> {
    await Promise.all(this.#recorders.map((recorder) => recorder.drain(boundMs)));
  }
}
