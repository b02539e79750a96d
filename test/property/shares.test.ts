import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Caps, DEFAULT_CAPS, Lanes } from '../../src/deliver/lanes.js';
import { Share } from '../../src/deliver/share.js';
import type { Claimed } from '../../src/deliver/stages.js';
import { deliveries } from '../unit/claimed-deliveries.js';
import { areCapsCounted } from './claim-model.js';

const USER = 'user';
const WEBHOOKS = ['one', 'other'];

/** A worker as far as the caps go: its lanes and its share, and what it has claimed and not put into the lanes yet. */
class ModelWorker {
  readonly inFlight: Claimed[] = [];
  /** Rows of claims that the database has answered, with the beat after which they were asked for. */
  #arriving: { readonly rows: readonly Claimed[]; readonly beat: number; readonly givenUp: number }[] = [];
  #beats = 0;
  #waiting = 0;
  readonly lanes = new Lanes(1_000, DEFAULT_CAPS, (started) => {
    this.#waiting -= 1;
    this.inFlight.push(started);
  });
  readonly share = new Share(this.lanes, () => {
    const given = this.lanes.takeAll();
    this.#waiting -= given.length;
    this.#giveBack(given);
  });
  readonly leased = new Map<string, number>();

  constructor(readonly id: number) {}

  leasedOf(webhookId: string): number {
    return this.leased.get(webhookId) ?? 0;
  }

  claimed(webhookId: string, count: number): void {
    this.leased.set(webhookId, this.leasedOf(webhookId) + count);
    const { givenUp } = this.share;
    this.#arriving.push({ rows: deliveries(webhookId, count, USER), beat: this.#beats, givenUp });
  }

  #giveBack(rows: readonly Claimed[]): void {
    for (const { webhookId } of rows) this.leased.set(webhookId, this.leasedOf(webhookId) - 1);
  }

  /** What was asked for until the beat before this one has come by now. */
  beaten(): void {
    this.#beats += 1;
    this.arrive(this.#beats - 2);
  }

  arrive(upToBeat = this.#beats): void {
    const answered = this.#arriving.filter(({ beat }) => beat <= upToBeat);
    this.#arriving = this.#arriving.filter(({ beat }) => beat > upToBeat);
    const isStale = ({ givenUp }: (typeof answered)[number]) => givenUp !== this.share.givenUp;
    this.#giveBack(answered.filter(isStale).flatMap(({ rows }) => rows));
    const come = answered.filter((claim) => !isStale(claim)).flatMap(({ rows }) => rows);
    this.#waiting += come.length;
    this.lanes.add(come);
  }

  /** A call ends, and its result is recorded. */
  end(pick: number): void {
    const [ended] = this.inFlight.splice(pick % Math.max(1, this.inFlight.length), 1);
    if (ended === undefined) return;
    this.leased.set(ended.webhookId, this.leasedOf(ended.webhookId) - 1);
    this.lanes.done(ended);
  }

  /** All that it has ends. */
  rest(): void {
    while (this.inFlight.length + this.#waiting + this.#arriving.length > 0) {
      this.arrive();
      this.end(0);
    }
  }
}

/** The database as far as the caps go (hookline.workers, caps_are_counted, within_caps), and all workers. */
class Model {
  workers: ModelWorker[] = [];
  #told = new Map<number, Caps | null>();
  #joined = 0;

  constructor(public caps: Caps) {}

  get #areCounted(): boolean {
    return areCapsCounted({ workers: [...this.#told.values()], ...this.caps });
  }

  join(): void {
    this.#joined += 1;
    const worker = new ModelWorker(this.#joined);
    this.workers.push(worker);
    this.beat(worker, true);
    this.beat(worker, true);
  }

  beat(worker: ModelWorker, isHeard: boolean): void {
    const told = worker.share.toTell;
    const others = [...this.#told.keys()].filter((id) => id !== worker.id);
    this.#told.set(worker.id, told ?? null);
    worker.beaten();
    if (!isHeard) return;
    const before = others.filter((id) => id < worker.id).length;
    worker.share.heard(told, { caps: this.caps, others: others.length, before });
  }

  claim(worker: ModelWorker, webhookId: string, wanted: number): void {
    const leased = (of: readonly string[]) =>
      this.workers.flatMap((one) => of.map((id) => one.leasedOf(id))).reduce((a, b) => a + b, 0);
    const room = Math.min(this.caps.perWebhook - leased([webhookId]), this.caps.perUser - leased(WEBHOOKS));
    const count = this.#areCounted ? Math.max(0, Math.min(wanted, room)) : wanted;
    if (count > 0) worker.claimed(webhookId, count);
  }

  leave(worker: ModelWorker): void {
    worker.rest();
    this.workers = this.workers.filter((one) => one !== worker);
    this.#told.delete(worker.id);
  }

  /** All calls end and everybody beats, as happens in time. */
  settle(): void {
    for (let beats = 0; beats < 4; beats += 1) {
      for (const worker of this.workers) {
        this.beat(worker, true);
        worker.rest();
      }
    }
  }

  expectKept(): void {
    const calls = this.workers.flatMap(({ inFlight }) => inFlight);
    expect(calls.length, 'calls of the user').toBeLessThanOrEqual(this.caps.perUser);
    for (const webhook of WEBHOOKS) {
      const count = calls.filter(({ webhookId }) => webhookId === webhook).length;
      expect(count, `calls of ${webhook}`).toBeLessThanOrEqual(this.caps.perWebhook);
    }
  }

  expectUsed(): void {
    const lanes = this.workers.map((worker) => worker.lanes.caps);
    const areShared = this.workers.every(({ share }) => share.isWanted);
    for (const part of ['perWebhook', 'perUser'] as const) {
      const most = areShared
        ? lanes.reduce((sum, caps) => sum + caps[part], 0)
        : Math.min(...lanes.map((caps) => caps[part]));
      expect(most, part).toBe(this.caps[part]);
    }
    expect(this.#areCounted).toBe(!areShared);
  }
}

const caps: fc.Arbitrary<Caps> = fc.record({
  perWebhook: fc.integer({ min: 1, max: 10 }),
  perUser: fc.integer({ min: 1, max: 20 }),
});
const pick = fc.nat({ max: 1_000 });
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('claim' as const),
      pick,
      webhook: fc.constantFrom(...WEBHOOKS),
      count: fc.integer({ min: 1, max: 40 }),
    }),
  },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('arrive' as const), pick }) },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('end' as const), pick, call: pick }) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('beat' as const),
      pick,
      isHeard: fc.constantFrom(true, true, true, false),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('join' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('leave' as const), pick }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('replace' as const), pick, pick2: pick }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('caps' as const), caps }) },
);

type StepOf = typeof step extends fc.Arbitrary<infer Step> ? Step : never;

/** A claim that is under way when its worker gives its share up brings more than is left of the caps. */
const GIVEN_UP_DURING_A_CLAIM: [Caps, StepOf[]] = [
  { perWebhook: 1, perUser: 1 },
  [
    { kind: 'replace', pick: 0, pick2: 0 },
    { kind: 'join' },
    { kind: 'leave', pick: 0 },
    { kind: 'join' },
    { kind: 'caps', caps: { perWebhook: 6, perUser: 6 } },
    { kind: 'join' },
    { kind: 'beat', pick: 0, isHeard: true },
    { kind: 'leave', pick: 1 },
    { kind: 'beat', pick: 2, isHeard: true },
    { kind: 'claim', pick: 0, webhook: 'one', count: 5 },
    { kind: 'beat', pick: 2, isHeard: true },
    { kind: 'claim', pick: 1, webhook: 'one', count: 2 },
    { kind: 'join' },
    { kind: 'join' },
    { kind: 'replace', pick: 2, pick2: 0 },
    { kind: 'beat', pick: 1, isHeard: true },
    { kind: 'arrive', pick: 0 },
  ],
];

it('workers that come, go, beat unheard and claim ahead keep to the caps together, and use them', () => {
  fc.assert(
    fc.property(caps, fc.array(step, { maxLength: 120, size: 'max' }), (first, steps) => {
      const model = new Model(first);
      model.join();
      for (const one of steps) {
        const worker = 'pick' in one ? model.workers[one.pick % model.workers.length] : undefined;
        if (one.kind === 'join' && model.workers.length < 6) model.join();
        if (one.kind === 'caps') {
          // Lower caps are learnt with the next beats; until then calls beyond them begin.
          model.caps = one.caps;
          model.settle();
        }
        if (worker === undefined) continue;
        if (one.kind === 'claim') model.claim(worker, one.webhook, one.count);
        if (one.kind === 'arrive') worker.arrive();
        if (one.kind === 'end') worker.end(one.call);
        if (one.kind === 'beat') model.beat(worker, one.isHeard);
        if ((one.kind === 'leave' || one.kind === 'replace') && model.workers.length > 1) model.leave(worker);
        if (one.kind === 'replace') {
          // Who hears that one has left may not use what it left before others know, such as the next that comes.
          for (const other of model.workers) if (other.id % 2 === one.pick2 % 2) model.beat(other, true);
          model.join();
        }
        model.expectKept();
      }
      model.settle();
      model.expectUsed();
    }),
    { numRuns: 3_000, examples: [GIVEN_UP_DURING_A_CLAIM] },
  );
}, 180_000);
