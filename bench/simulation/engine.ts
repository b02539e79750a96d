import TinyQueue from 'tinyqueue';

interface Event {
  readonly at: number;
  /** Events of one moment happen in the order in which they were planned, so that a seed gives one history. */
  readonly nth: number;
  readonly happen: () => void;
}

/** Time that passes from event to event; milliseconds. */
export class Engine {
  readonly #events = new TinyQueue<Event>([], (a, b) => a.at - b.at || a.nth - b.nth);
  #now = 0;
  #planned = 0;

  get now(): number {
    return this.#now;
  }

  after(ms: number, happen: () => void): void {
    this.#planned += 1;
    this.#events.push({ at: this.#now + ms, nth: this.#planned, happen });
  }

  /** Lets everything happen until then, or until nothing is left. */
  run(until: number): void {
    for (let next = this.#events.peek(); next !== undefined && next.at <= until; next = this.#events.peek()) {
      this.#events.pop();
      this.#now = next.at;
      next.happen();
    }
  }
}

/** Cores that processes share: whoever has work waits for one, in turn. */
export class Machine {
  readonly #engine: Engine;
  readonly #ready: Process[] = [];
  #idle: number;

  constructor(engine: Engine, cores: number) {
    this.#engine = engine;
    this.#idle = cores;
  }

  wants(process: Process): void {
    this.#ready.push(process);
    this.#serve();
  }

  #serve(): void {
    while (this.#idle > 0) {
      const process = this.#ready.shift();
      if (process === undefined) return;
      const { ms, done } = process.next();
      this.#idle -= 1;
      this.#engine.after(ms, () => {
        this.#idle += 1;
        // Its next piece of work queues up behind the others before what this one sets off.
        process.goOn();
        done();
        this.#serve();
      });
    }
  }
}

interface Work {
  readonly ms: number;
  readonly done: () => void;
}

/** A thread, or a connection of the database: one piece of work after the other, each on one core of its machine. */
export class Process {
  readonly #machine: Machine;
  readonly #work: Work[] = [];
  #isRunning = false;
  /** Milliseconds that it was at work. */
  busyMs = 0;

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  do(ms: number, done: () => void): void {
    this.#work.push({ ms, done });
    if (!this.#isRunning) this.#ask();
  }

  next(): Work {
    const work = this.#work.shift();
    if (work === undefined) throw new Error('a process without work got a core');
    this.busyMs += work.ms;
    return work;
  }

  goOn(): void {
    this.#isRunning = false;
    if (this.#work.length > 0) this.#ask();
  }

  #ask(): void {
    this.#isRunning = true;
    this.#machine.wants(this);
  }
}
