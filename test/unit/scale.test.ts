import { readFile } from 'node:fs/promises';
import { randomExponential, randomLcg } from 'd3-random';
import { describe, expect, it } from 'vitest';
import { withMade } from '../../bench/scale.js';
import { chinese } from '../../bench/simulation/chinese.js';
import { type Costs, measurement } from '../../bench/simulation/costs.js';
import { Engine, Machine, Process } from '../../bench/simulation/engine.js';
import { type Scenario, simulate } from '../../bench/simulation/pipeline.js';
import { size, USUAL } from '../../bench/simulation/sizing.js';
import { english } from '../../bench/simulation/wording.js';

const COSTS: Costs = {
  workerUs: 100,
  workerBatchUs: 0,
  postgresUs: 50,
  postgresBatchUs: 400,
  triggerUs: 500,
  triggerManyUs: 50,
  commitMs: 1,
  transactionMs: 1,
  receiverUs: 0,
  walBytes: 4_000,
  walPerPayloadByte: 1,
  storedBytes: 2_000,
  storedPerPayloadByte: 1,
  connections: 4,
};
const SCENARIO: Scenario = {
  seed: 1,
  workers: 1,
  webhooks: 10,
  callsPerWebhook: 16,
  cores: { postgres: 2 },
  backlog: 2_000,
  perSecond: 0,
  seconds: 0,
  latencyMs: { median: 100, sigma: 0 },
  failing: 0,
  retrySeconds: 1,
  attempts: 1,
};

describe('the simulation of the pipeline', () => {
  it('has a queue as queueing theory has it: the mean wait of M/D/1 (Pollaczek and Khinchine)', () => {
    const engine = new Engine();
    const server = new Process(new Machine(engine, 1));
    const pause = randomExponential.source(randomLcg(7))(0.8);
    const count = 50_000;
    let waited = 0;
    const arrive = (left: number): void => {
      const at = engine.now;
      server.do(1, () => {
        waited += engine.now - at - 1;
      });
      if (left > 1) engine.after(pause(), () => arrive(left - 1));
    };
    arrive(count);
    engine.run(Number.POSITIVE_INFINITY);
    // ρ = 0.8, a service of 1 ms: ρ / (2 · (1 − ρ)).
    expect(Math.abs(waited / count - 2)).toBeLessThan(0.15);
  });

  it('gives processes no more than the cores that they share', () => {
    const engine = new Engine();
    const machine = new Machine(engine, 2);
    for (let n = 0; n < 3; n += 1) new Process(machine).do(10, () => undefined);
    engine.run(Number.POSITIVE_INFINITY);
    expect(engine.now).toBe(20);
  });

  it('delivers everything, no faster than the cap on calls to a webhook allows, and not much slower', () => {
    const { delivered, perSecond, mostInFlight } = simulate(SCENARIO, COSTS);
    expect(delivered).toBe(2_000);
    expect(mostInFlight).toBe(160);
    expect(perSecond).toBeLessThanOrEqual(1_600);
    expect(perSecond).toBeGreaterThan(1_400);
  });

  it('is as fast as its worker where endpoints answer at once', () => {
    const { perSecond } = simulate({ ...SCENARIO, webhooks: 100, latencyMs: { median: 0.1, sigma: 0 } }, COSTS);
    expect(perSecond).toBeLessThanOrEqual(10_000);
    expect(perSecond).toBeGreaterThan(8_000);
  });

  it('claims and records in large batches what endpoints answer one by one', () => {
    // As measured: a worker that takes in the rows of a claim quickly finds too few results after it to begin with gathering.
    const costs = { ...COSTS, workerUs: 140, postgresUs: 100, postgresBatchUs: 1_500 };
    const latencyMs = { median: 100, sigma: 0.5 };
    const { delivered, postgresMs } = simulate({ ...SCENARIO, backlog: 5_000, latencyMs }, costs);
    const transactions = (postgresMs * 1000 - delivered * costs.postgresUs) / costs.postgresBatchUs;
    expect(delivered).toBe(5_000);
    expect(delivered / transactions).toBeGreaterThan(15);
  });

  it('tries again what fails, as often as it may', () => {
    const { delivered, drainedMs } = simulate({ ...SCENARIO, backlog: 100, failing: 1, attempts: 3 }, COSTS);
    expect(delivered).toBe(100);
    // After one second and two, each ±20 %.
    expect(drainedMs).toBeGreaterThan(2_400);
    expect(drainedMs).toBeLessThan(4_400);
  });

  it('has one outcome for a seed', () => {
    const random: Scenario = {
      ...SCENARIO,
      backlog: 0,
      perSecond: 500,
      seconds: 1,
      latencyMs: { median: 50, sigma: 1 },
    };
    const { waits, delivered } = simulate(random, COSTS);
    expect(waits.length).toBeGreaterThan(400);
    expect(delivered).toBe(waits.length);
    expect(simulate(random, COSTS).waits).toEqual(waits);
    expect(simulate({ ...random, seed: 2 }, COSTS).waits).not.toEqual(waits);
  });
});

describe('what a load needs', () => {
  const load = { ...USUAL, deliveries: 1_000, failing: 0, hanging: 0, fanOut: 1, latencyMs: { median: 100, sigma: 0 } };

  it('is what Little’s law and the costs say', () => {
    const needs = size(load, COSTS);
    expect(needs).toMatchObject({ attempts: 1_000, workers: 1, connections: 4, databases: 1, short: [] });
    expect(needs.inFlight).toBeCloseTo(100);
    expect(needs.walMBs).toBeCloseTo(6);
    expect(needs.storedTB).toBeCloseTo((4e6 * 7 * 86_400) / 1e12);
  });

  it('counts calls that are made again, and hang', () => {
    expect(size({ ...load, failing: 0.5, attempts: 3 }, COSTS).attempts).toBeCloseTo(1_750);
    expect(size({ ...load, hanging: 0.1, attempts: 1 }, COSTS).inFlight).toBeCloseTo(90 + 3_000);
  });

  it('names what one database is short of', () => {
    expect(size({ ...load, deliveries: 1_000_000 }, COSTS).short).toContain('its write-ahead log');
  });
});

describe('docs', () => {
  it.each([
    ['docs/scale.md', english],
    ['docs/zh-CN/scale.md', chinese],
  ])('%s says what the measurement that is kept gives', async (file, words) => {
    const page = await readFile(new URL(`../../${file}`, import.meta.url), 'utf8');
    expect(page).toBe(withMade(page, measurement(), words));
  });

  it('throws for a phrase that a language lacks', () => {
    expect(() => chinese.say('What a load wants')).toThrow('no translation of “What a load wants”');
    expect(() => chinese.row({ wanted: 1 })).toThrow('no translation of “wanted”');
  });

  it('throws for a value that a phrase lacks', () => {
    expect(() => english.say('Machines are used to {used} %.', {})).toThrow('wants a value for used');
  });
});
