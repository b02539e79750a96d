import type { Database } from '../../db/database.js';
import { finding, ok } from '../catalogue.js';
import { type Check, reading } from '../context.js';

const NOW = 'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS "nowMs"';
const SAMPLES = 5;
const OFF_MS = 5_000;
const FAR_OFF_MS = 60_000;

/** This machine's clock against the database's. What is due, and the time in a signature, is by the database's; tokens are judged by this one. */
export const clock: Check = {
  area: 'clock',
  needs: 'server',
  async run({ db }) {
    const { offsetMs, uncertainMs } = await offsetOf(db);
    const off = Math.max(0, Math.abs(offsetMs) - uncertainMs);
    if (off < OFF_MS) return [ok('clock', "This machine's clock and the database's agree.")];
    const found = `This machine's clock is ${(off / 1_000).toFixed(0)} s ${offsetMs > 0 ? 'ahead of' : 'behind'} the database's.`;
    const mend = 'Let both keep their time by NTP (timedatectl set-ntp true), and look which one is wrong.';
    if (off < FAR_OFF_MS) return [finding('clock', 'clock.off', found, mend)];
    const worse = `${found} Tokens of users are taken for expired, or for longer than they should be.`;
    return [finding('clock', 'clock.far_off', worse, mend)];
  },
};

/** By the quickest of some questions, whose answer says least wrongly when it was asked. */
async function offsetOf(db: Database): Promise<{ offsetMs: number; uncertainMs: number }> {
  return reading(db, async (tx) => {
    let best = { offsetMs: 0, uncertainMs: Number.POSITIVE_INFINITY };
    for (let sample = 0; sample < SAMPLES; sample += 1) {
      const asked = performance.now();
      const before = Date.now();
      const { rows } = await tx.query<{ nowMs: number }>(NOW, []);
      const tookMs = performance.now() - asked;
      const offsetMs = before + tookMs / 2 - (rows[0]?.nowMs ?? before);
      if (tookMs / 2 < best.uncertainMs) best = { offsetMs, uncertainMs: tookMs / 2 };
    }
    return best;
  });
}
