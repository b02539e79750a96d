import { type Machine, Process } from './engine.js';
import { Lanes } from './lanes.js';
import {
  BUSY_BATCH,
  BUSY_MS,
  BUSY_ROWS,
  CLAIM_BATCH,
  CLAIM_CAPS,
  CLAIM_PER_WEBHOOK,
  CLAIMING,
  CONCURRENCY,
  ENOUGH_TO_DO,
  GATHER_MS,
  LEAST_ROWS,
  LONG_GATHER_MS,
  MOST_ROOM,
  RECORD_BATCH,
  RECORD_GATHER_MS,
  SENDING,
  SMALL_CLAIM,
  TAKING,
} from './pace.js';
import type { Delivery, Pipeline } from './shared.js';

/** A worker process: claims in batches, calls, records in batches, as src/deliver does, without its troubles. */
export class Worker {
  readonly thread: Process;
  readonly #pipeline: Pipeline;
  readonly #claims: Process;
  readonly #records: Process;
  readonly #lanes: Lanes;
  readonly #inFlight = new Map<number, number>();
  #flying = 0;
  #held = 0;
  #turn: number;
  #isLooking = false;
  #isIdle = true;
  /** What came while it looked is looked at, too. */
  #isTold = false;
  /** Ends the pause after a claim that found nothing. */
  #endPause: () => void = () => undefined;
  #found: { readonly at: number; readonly rows: number }[] = [];
  readonly #results: Delivery[] = [];
  #isWriting = false;
  #isGathering = false;

  constructor(pipeline: Pipeline, machine: Machine, database: Machine, nth: number) {
    this.#pipeline = pipeline;
    this.#lanes = new Lanes(pipeline.share, () => this.#endPause());
    this.thread = new Process(machine);
    this.#claims = new Process(database);
    this.#records = new Process(database);
    this.#turn = nth * 7;
  }

  /** What it uses of PostgreSQL. */
  get connections(): readonly Process[] {
    return [this.#claims, this.#records];
  }

  /** There may be something to claim. */
  wake(): void {
    this.#isTold = true;
    if (!this.#isIdle) return;
    this.#isIdle = false;
    this.#look();
  }

  #look(): void {
    if (this.#isLooking || MOST_ROOM - this.#held < CLAIM_BATCH) return;
    this.#isLooking = true;
    this.#isTold = false;
    const { engine, costs } = this.#pipeline;
    const rows = this.#take();
    this.thread.do(costs.workerBatchUs / 1000, () => undefined);
    const takeIn = () => this.thread.do((costs.workerUs * rows.length * TAKING) / 1000, () => this.#claimed(rows));
    this.#claims.do((costs.postgresUs * rows.length * CLAIMING + costs.postgresBatchUs) / 1000, () =>
      engine.after(costs.transactionMs, takeIn),
    );
  }

  #claimed(rows: readonly Delivery[]): void {
    const { engine } = this.#pipeline;
    for (const row of rows) this.#lanes.add(row);
    this.#begin();
    if (rows.length > 0) this.#found.push({ at: engine.now, rows: Math.max(rows.length, LEAST_ROWS) });
    if (rows.length === 0 && !this.#isTold && !this.#isBusy()) {
      this.#isLooking = false;
      this.#isIdle = true;
      return;
    }
    const isShort = rows.length > 0 && rows.length < SMALL_CLAIM;
    const pause = this.#lanes.waiting > ENOUGH_TO_DO || rows.length === 0 ? LONG_GATHER_MS : isShort ? GATHER_MS : 0;
    let isOver = false;
    const end = () => {
      if (isOver) return;
      isOver = true;
      this.#isLooking = false;
      this.#look();
    };
    if (rows.length === 0) this.#endPause = end;
    engine.after(pause, end);
  }

  #isBusy(): boolean {
    const since = this.#pipeline.engine.now - BUSY_MS;
    this.#found = this.#found.filter(({ at }) => at > since);
    return this.#found.reduce((sum, { rows }) => sum + rows, 0) >= BUSY_ROWS;
  }

  /** Rows of each webhook in turn that has not enough here. */
  #take(): Delivery[] {
    const { ready, share, workers } = this.#pipeline;
    const perWebhook = workers === 1 ? CLAIM_PER_WEBHOOK : Math.min(CLAIM_PER_WEBHOOK, CLAIM_CAPS * share);
    const rows: Delivery[] = [];
    for (let n = 0; n < ready.length && rows.length < CLAIM_BATCH; n += 1) {
      const webhook = (this.#turn + n) % ready.length;
      if (this.#lanes.hasEnough(webhook)) continue;
      const most = Math.min(perWebhook, CLAIM_BATCH - rows.length);
      rows.push(...(ready[webhook]?.splice(0, most) ?? []));
    }
    this.#turn += rows.length;
    this.#held += rows.length;
    return rows;
  }

  #begin(): void {
    for (const webhook of [...this.#lanes.webhooks()]) this.#beginOf(webhook);
  }

  #beginOf(webhook: number): void {
    while (this.#flying < CONCURRENCY) {
      const flying = this.#inFlight.get(webhook) ?? 0;
      if (flying >= this.#pipeline.share) return;
      const delivery = this.#lanes.next(webhook);
      if (delivery === undefined) return;
      this.#flying += 1;
      this.#inFlight.set(webhook, flying + 1);
      this.#send(delivery);
    }
  }

  #send(delivery: Delivery): void {
    const { costs, call } = this.#pipeline;
    const ms = costs.workerUs / 1000;
    this.thread.do(ms * SENDING, () =>
      call(delivery, () =>
        this.thread.do(ms * (1 - TAKING - SENDING), () => {
          const wasFull = this.#flying === CONCURRENCY;
          this.#flying -= 1;
          this.#inFlight.set(delivery.webhook, (this.#inFlight.get(delivery.webhook) ?? 1) - 1);
          this.#results.push(delivery);
          if (wasFull) this.#begin();
          else this.#beginOf(delivery.webhook);
          this.#write();
        }),
      ),
    );
  }

  #write(): void {
    const isUrgent = this.#flying === 0 || this.#results.length >= RECORD_BATCH;
    if (this.#isWriting || this.#results.length === 0 || (this.#isGathering && !isUrgent)) return;
    this.#isWriting = true;
    this.#isGathering = false;
    const { engine, costs } = this.#pipeline;
    const batch = this.#results.splice(0, RECORD_BATCH);
    this.thread.do(costs.workerBatchUs / 1000, () => undefined);
    const written = () => {
      this.#held -= batch.length;
      for (const delivery of batch) this.#pipeline.recorded(delivery);
      this.#isWriting = false;
      if (batch.length >= BUSY_BATCH) this.#gather();
      this.#write();
      this.#look();
    };
    this.#records.do((costs.postgresUs * batch.length * (1 - CLAIMING) + costs.postgresBatchUs) / 1000, () =>
      engine.after(costs.transactionMs, written),
    );
  }

  /** Under load the next results wait for others. */
  #gather(): void {
    this.#isGathering = true;
    this.#pipeline.engine.after(RECORD_GATHER_MS, () => {
      this.#isGathering = false;
      this.#write();
    });
  }
}
